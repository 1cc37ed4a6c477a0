"""Spellings of the same word: the old Indonesian one, and what Latin letters make of Arabic. For `analysis`; no Django.

Each spelling leads to one form that all of them share, so that any finds the others. To add one, add it to a line.
"""

from __future__ import annotations

import re

# The first of each line is the form they share.
_GROUPS = """
quran koran alquran alqur'an alkoran qur'an quraan
muhammad mohammad mohammed mohamed mohamad muhamad muhammed mohamet moehammad mochammad mochamad muchammad moh muh mohd
ahmad achmad ahmed akhmad ahmadi
mahmud machmud mahmoud makhmud
rahmat rachmat rakhmat rochmat rohmat
mukhtar muchtar moechtar muhtar mokhtar mochtar
bakhtiar bachtiar bahtiar bakhtiyar
khairil chairil khoiril choiril
khairul chairul khoirul choirul khoerul
khalid chalid kholid cholid
umar omar oemar
usman utsman othman uthman osman oesman
husain husein hussein hosein hussain husin hoesin hoesein
hasan hassan chasan
yusuf jusuf yousef yusup jusup yoesoef joesoef yousuf
yunus junus younus joenoes
ibrahim ebrahim ibrohim
ismail esmail ismael
sulaiman soleiman suleiman soelaiman solaiman
abdullah abdulloh abdulah abdoellah
abdurrahman abdurahman abdulrahman abdoerrahman abdurrohman
aisyah aisha aishah aisjah
fatimah fatima fathimah
zainab zaenab zaynab zeinab
syarif sharif sjarif syarief sjarief
syafii syafi'i shafii sjafii syafe'i
ghazali ghozali gazali gozali alghazali
rusyd rushd rusjd
khaldun chaldun kholdun khaldoun
bukhari buchari bukhori bochari
taimiyah taymiyyah taimiyyah taymiya
nasution nasoetion
hadis hadits hadith hadist hadiths ahadith
syariah syariat sharia shariah syariath sjariah sjariat shari'ah syari'at
fikih fiqh fiqih fikh feqh
akidah aqidah aqida akida
akhlak akhlaq achlak ahlak ahlaq
tasawuf tasawwuf tashawwuf tasauf tasawoef
salat shalat sholat solat
zakat zakah zakaat
wakaf waqaf waqf wakf
ramadan ramadhan romadhon ramadlan ramadlon romadon
haji hajj hadj hadji
umrah umroh umra oemrah
ijtihad idjtihad
ijma ijmak idjma
kiai kyai kiyai kijai kiayi
ustaz ustadz ustad ustadh
ulama ulema oelama
khalifah caliph kalifah chalifah khalifa
khotbah khutbah chotbah chutbah kotbah
tauhid tawhid tawheed towhid
tafsir tafseer tapsir
tajwid tajweed
usul ushul osul oesoel usool
dakwah da'wah dawah dawa
muslim moslem moeslim
masjid mesjid masdjid mesdjid
madrasah madrasa medresah
mazhab madzhab mahzab madhhab madhab
maslahat maslahah mashlahah maslaha
muamalah mu'amalat muamalat mu'amalah
murabahah murabaha
mudarabah mudharabah mudaraba mudlarabah
musyarakah musharakah musyaraka musharaka
sukuk shukuk
zikir dzikir dhikr zikr
wudu wudhu wudlu wuduk
qadi kadi qadhi kadhi
qunut kunut
hikayat hikajat
syair sjair sya'ir
syekh syaikh sheikh shaykh sjech syeikh sech
sufi shufi
syiah shia shiah syi'ah sji'ah
sunah sunnah sunna soennah
rasul rosul rasool rasoel
zaman jaman djaman
ilmu ilmoe elmu
akhir achir
akhirat achirat
khusus chusus
khabar kabar chabar
khas chas
khayal chajal khajal
khianat chianat
khidmat chidmat hidmat
ikhlas ichlas
ikhtiar ichtiar
ikhtisar ichtisar
makhluk machluk
mahkota machkota
takhta tachta tahta
takhayul tachajul tahayul
tarikh tarich
rohani ruhani rochani
tarekat tarikat thariqah tariqat tariqah tharekat
hakikat haqiqat hakekat
makrifat ma'rifat makrifah
pesantren pasantren pesanteren
yang jang
yogyakarta jogjakarta djogjakarta jogyakarta djokjakarta jogja yogya djogja
surabaya surabaja soerabaja
surakarta soerakarta
jakarta djakarta
bandung bandoeng
aceh acheh atjeh atjih
makassar makasar
jawa java djawa
sumatra sumatera soematra sumatara
sulawesi celebes
kalimantan borneo
maluku moluccas molukken maloekoe
bung boeng
keraton kraton
takdir taqdir
wayang wajang
praktik praktek
apotek apotik
analisis analisa
sistem sistim system
teknik tehnik
teknologi tehnologi technology technologi
metode metoda
aktivitas aktifitas
kualitas kwalitas
kuantitas kwantitas
nasihat nasehat
risiko resiko
ekonomi ekonomie economie
hipotesis hipotesa
sintesis sintesa
atlet atlit
telepon telpon tilpun telefon
organisasi organisatie
universitas universiteit
standardisasi standarisasi
provinsi propinsi
november nopember
februari pebruari
izin ijin
jenazah jenasah
kuitansi kwitansi
color colour
labor labour
behavior behaviour
center centre
theater theatre teater
archeology archaeology
encyclopedia encyclopaedia ensiklopedia ensiklopedi
catalog catalogue katalog katalogus
program programme
organization organisation
"""  # fmt: skip

_FROM_ARABIC = (("dh", "d"), ("dz", "z"), ("q", "k"), ("ww", "w"), ("yy", "y"))
_ARABIC_LETTERS = re.compile(r"dh|dz|q(?!u[aeioy])|ww|yy")

_OLD_LETTERS = re.compile(r"tj|dj|nj|sj|oe")
# English words whose letters are no old Indonesian ones.
_NOT_OLD = re.compile(
    r"^poet(?:$|s$|ry|ic|ess)|^poems?$|^poe$|shoe(?:$|s|m)|^(?:under|for)?goes$|^does|toes$|^hero(?:es|in|ic)|^coe[xfdu]"
    r"|phoe|oeu|^zoe|canoe|^noel|adjec|objec|injec|^conj|^banjos?$|enjoy"
)
_LONE_J = re.compile(r"j")


def _table() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _GROUPS.split("\n"):
        shared, *others = line.replace("'", "").split() or [""]
        found.update({word: shared for word in others if word != shared})
    return found


_SHARED = _table()


def variants(word: str) -> set[str]:
    """What else a word is spelt like, as folded words; the word itself may be among them."""
    found = {_SHARED[word]} if word in _SHARED else set()
    for form in _modern(word):
        found.update((form, _SHARED.get(form, form)))
    if _ARABIC_LETTERS.search(word):
        plain = word
        for written, simple in _FROM_ARABIC:
            plain = plain.replace(written, simple)
        found.update((plain, _SHARED.get(plain, plain)))
    return found


def spellings(word: str, limit: int = 5) -> list[str]:
    """Other spellings that are found with a folded word, to tell a reader: its own line above, or its modern form."""
    shared = {_SHARED.get(form, form) for form in (word, *variants(word))}
    found = [other for line in _GROUPS.split("\n") if shared.intersection(line.replace("'", "").split()[:1])
             for other in line.split()]  # fmt: skip
    found = [other for other in (*found, *sorted(_modern(word))) if other.replace("'", "") != word]
    return list({other.replace("'", ""): other for other in reversed(found)}.values())[::-1][:limit]


def _modern(word: str) -> set[str]:
    """The spelling since 1972 of a word in an older one. What was "j" alone is "y" now, where the rest is old."""
    if not _OLD_LETTERS.search(word) or _NOT_OLD.search(word):
        return set()
    kept = (
        word.replace("dj", "\0").replace("tj", "c").replace("nj", "ny").replace("sj", "sy").replace("oe", "u")
    )
    return {form.replace("\0", "j") for form in (kept, _LONE_J.sub("y", kept))}
