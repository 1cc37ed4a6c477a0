"""ISO 639 codes that catalogues use, as MARC writes them (639-2/B). Facts of the standard; languages.py reads them.

The whole tables of python-iso639 take longer to load than a small file of records to read.
"""

from __future__ import annotations

CODES = frozenset(
    """
    aar abk ace ach ada ady afh afr ain aka akk alb ale alt amh ang anp ara arc arg arm arn arp arw asm ast ava
    ave awa aym aze bak bal bam ban baq bas bej bel bem ben bho bik bin bis bla bos bra bre bua bug bul bur byn
    cad car cat ceb cha chb che chg chi chk chm chn cho chp chr chu chv chy cnr cop cor cos cre crh csb cze dak
    dan dar del den dgr din div doi dsb dua dum dut dyu dzo efi egy eka elx eng enm epo est ewe ewo fan fao fat
    fij fil fin fon fre frm fro frr frs fry ful fur gaa gay gba geo ger gez gil gla gle glg glv gmh goh gon gor
    got grb grc gre grn gsw guj gwi hai hat hau haw heb her hil hin hit hmn hmo hrv hsb hun hup iba ibo ice ido
    iii iku ile ilo ina ind inh ipk ita jav jbo jpn jpr jrb kaa kab kac kal kam kan kas kau kaw kaz kbd kha khm
    kho kik kin kir kmb kok kom kon kor kos kpe krc krl kru kua kum kur kut lad lah lam lao lat lav lez lim lin
    lit lol loz ltz lua lub lug lui lun luo lus mac mad mag mah mai mak mal man mao mar mas may mdf mdr men mga
    mic min mlg mlt mnc mni moh mon mos mus mwl mwr myv nap nau nav nbl nde ndo nds nep new nia niu nno nob nog
    non nor nqo nso nwc nya nym nyn nyo nzi oci oji ori orm osa oss ota pag pal pam pan pap pau peo per phn pli
    pol pon por pro pus que raj rap rar roh rom rum run rup rus sad sag sah sam san sas sat scn sco sel sga shn
    sid sin slo slv sma sme smj smn smo sms sna snd snk sog som sot spa srd srn srp srr ssw suk sun sus sux swa
    swe syc syr tah tam tat tel tem ter tet tgk tgl tha tib tig tir tiv tkl tlh tli tmh tog ton tpi tsi tsn tso
    tuk tum tur tvl twi tyv udm uga uig ukr umb urd uzb vai ven vie vol vot wal war was wel wln wol xal xho yao
    yap yid yor zap zbl zen zgh zha zul zun zza
    """.split()  # noqa: SIM905
)
# The terminological codes (639-2/T), where they differ.
TERMINOLOGICAL = dict(
    pair.split("=")
    for pair in """
    bod=tib ces=cze cym=wel deu=ger ell=gre eus=baq fas=per fra=fre hye=arm isl=ice kat=geo mkd=mac mri=mao
    msa=may mya=bur nld=dut ron=rum slk=slo sqi=alb zho=chi
    """.split()  # noqa: SIM905
)
# Two letters (639-1).
SHORT = dict(
    pair.split("=")
    for pair in """
    aa=aar ab=abk ae=ave af=afr ak=aka am=amh an=arg ar=ara as=asm av=ava ay=aym az=aze ba=bak be=bel bg=bul
    bi=bis bm=bam bn=ben bo=tib br=bre bs=bos ca=cat ce=che ch=cha co=cos cr=cre cs=cze cu=chu cv=chv cy=wel
    da=dan de=ger dv=div dz=dzo ee=ewe el=gre en=eng eo=epo es=spa et=est eu=baq fa=per ff=ful fi=fin fj=fij
    fo=fao fr=fre fy=fry ga=gle gd=gla gl=glg gn=grn gu=guj gv=glv ha=hau he=heb hi=hin ho=hmo hr=hrv ht=hat
    hu=hun hy=arm hz=her ia=ina id=ind ie=ile ig=ibo ii=iii ik=ipk io=ido is=ice it=ita iu=iku ja=jpn jv=jav
    ka=geo kg=kon ki=kik kj=kua kk=kaz kl=kal km=khm kn=kan ko=kor kr=kau ks=kas ku=kur kv=kom kw=cor ky=kir
    la=lat lb=ltz lg=lug li=lim ln=lin lo=lao lt=lit lu=lub lv=lav mg=mlg mh=mah mi=mao mk=mac ml=mal mn=mon
    mr=mar ms=may mt=mlt my=bur na=nau nb=nob nd=nde ne=nep ng=ndo nl=dut nn=nno no=nor nr=nbl nv=nav ny=nya
    oc=oci oj=oji om=orm or=ori os=oss pa=pan pi=pli pl=pol ps=pus pt=por qu=que rm=roh rn=run ro=rum ru=rus
    rw=kin sa=san sc=srd sd=snd se=sme sg=sag si=sin sk=slo sl=slv sm=smo sn=sna so=som sq=alb sr=srp ss=ssw
    st=sot su=sun sv=swe sw=swa ta=tam te=tel tg=tgk th=tha ti=tir tk=tuk tl=tgl tn=tsn to=ton tr=tur ts=tso
    tt=tat tw=twi ty=tah ug=uig uk=ukr ur=urd uz=uzb ve=ven vi=vie vo=vol wa=wln wo=wol xh=xho yi=yid yo=yor
    za=zha zh=chi zu=zul
    """.split()  # noqa: SIM905
)
