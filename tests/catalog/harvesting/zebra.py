"""A real Zebra on loopback: an index of real records, served over Z39.50 and SRU on one port.

`with Zebra(folder, files) as zebra:` and then `zebra.target` (host:port/database) and `zebra.url` (SRU). Everything
it needs is written into `folder`. tests/perf/zebra.py uses the same index for its figure.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import pytest

PACKAGES = "yaz idzebra-2.0 libidzebra-2.0-modules"
DATABASE = "Default"
TABLES = Path("/usr/share/idzebra-2.0/tab")

CONFIGURATION = """\
profilePath: {folder}:{tables}
modulePath: {modules}
register: {folder}/register:20G
shadow: {folder}/shadow:20G
lockDir: {folder}/lock
database: {database}
recordType: dom.{folder}/filter.xml
attset: bib1.att
attset: explain.att
encoding: UTF-8
storeData: 1
memMax: 64
perm.anonymous: r
"""
FILTER = """\
<dom xmlns="http://indexdata.com/zebra-2.0">
  <extract><xslt stylesheet="{folder}/index.xsl"/></extract>
  <retrieve name="F"/>
  <retrieve name="B"/>
  <retrieve name="marcxml"/>
  <retrieve name="dc"><xslt stylesheet="{folder}/dc.xsl"/></retrieve>
  <input><marc inputcharset="utf-8"/></input>
</dom>
"""
INDEX = """\
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:z="http://indexdata.com/zebra-2.0" xmlns:m="http://www.loc.gov/MARC21/slim" exclude-result-prefixes="m">
  <xsl:template match="/m:record">
    <z:record>
      <z:index name="any:w"><xsl:for-each select="m:datafield/m:subfield"><xsl:value-of select="."/>
        <xsl:text> </xsl:text></xsl:for-each></z:index>
      <z:index name="Local-number:w Local-number:0"><xsl:value-of select="m:controlfield[@tag='001']"/></z:index>
      <xsl:for-each select="m:datafield[@tag='245']">
        <z:index name="title:w title:p"><xsl:value-of select="m:subfield[@code='a']"/><xsl:text> </xsl:text>
          <xsl:value-of select="m:subfield[@code='b']"/></z:index>
      </xsl:for-each>
      <xsl:for-each select="m:datafield[@tag='100' or @tag='700']">
        <z:index name="author:w author:p"><xsl:value-of select="m:subfield[@code='a']"/></z:index>
      </xsl:for-each>
      <xsl:for-each select="m:datafield[@tag='020']/m:subfield[@code='a']">
        <z:index name="ISBN:w">
          <xsl:value-of select="translate(substring-before(concat(., ' '), ' '), '-', '')"/>
        </z:index>
      </xsl:for-each>
      <z:index name="date:w date:n"><xsl:value-of select="substring(m:controlfield[@tag='008'], 8, 4)"/></z:index>
    </z:record>
  </xsl:template>
</xsl:stylesheet>
"""
DUBLIN_CORE = """\
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns:m="http://www.loc.gov/MARC21/slim" exclude-result-prefixes="m">
  <xsl:template match="/m:record">
    <srw_dc:dc xmlns:srw_dc="info:srw/schema/1/dc-v1.1" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <dc:identifier><xsl:value-of select="m:controlfield[@tag='001']"/></dc:identifier>
      <dc:title><xsl:value-of select="m:datafield[@tag='245']/m:subfield[@code='a']"/></dc:title>
    </srw_dc:dc>
  </xsl:template>
</xsl:stylesheet>
"""
CQL = """\
set.cql  = info:srw/cql-context-set/1/cql-v1.1
set.dc   = info:srw/cql-context-set/1/dc-v1.1
set.bath = http://zing.z3950.org/cql/bath/2.0/
set.rec  = info:srw/cql-context-set/2/rec-1.1
set      = info:srw/cql-context-set/1/dc-v1.1
index.cql.allRecords    = 1=_ALLRECORDS 2=103
index.cql.serverChoice  = 1=1016
index.cql.anywhere      = 1=1016
index.rec.id            = 1=12
index.dc.title          = 1=4
index.dc.creator        = 1=1003
index.dc.date           = 1=30
index.bath.isbn         = 1=7
relation.<   = 2=1
relation.le  = 2=2
relation.eq  = 2=3
relation.exact = 2=3
relation.ge  = 2=4
relation.>   = 2=5
relation.<>  = 2=6
relation.scr = 2=3
relation.all = 2=3
structure.*  = 4=1
structure.exact = 4=1
structure.all = 4=2
structure.any = 4=2
position.any = 3=3 6=1
position.first = 3=1 6=1
truncation.right = 5=1
truncation.none = 5=100
"""
SERVER = """\
<yazgfs>
  <listen id="here">tcp:127.0.0.1:{port}</listen>
  <server id="one" listenref="here">
    <directory>{folder}</directory>
    <config>{folder}/zebra.cfg</config>
    <cql2rpn>{folder}/pqf.properties</cql2rpn>
    <explain xmlns="http://explain.z3950.org/dtd/2.0/">
      <serverInfo><host>127.0.0.1</host><port>{port}</port><database>{database}</database></serverInfo>
      <databaseInfo><title>Zebra</title></databaseInfo>
      <indexInfo>
        <set identifier="info:srw/cql-context-set/1/cql-v1.1" name="cql"/>
        <set identifier="info:srw/cql-context-set/1/dc-v1.1" name="dc"/>
        <index><title>All</title><map><name set="cql">allRecords</name></map></index>
        <index><title>Title</title><map><name set="dc">title</name></map></index>
        <index><title>Author</title><map><name set="dc">creator</name></map></index>
        <index><title>Year</title><map><name set="dc">date</name></map></index>
        <index><title>ISBN</title><map><name set="bath">isbn</name></map></index>
      </indexInfo>
      <schemaInfo>
        <schema identifier="info:srw/schema/1/marcxml-v1.1" name="marcxml"><title>MARCXML</title></schema>
        <schema identifier="info:srw/schema/1/dc-v1.1" name="dc"><title>Dublin Core</title></schema>
      </schemaInfo>
    </explain>
    <retrievalinfo>
      <retrieval syntax="usmarc" name="F">
        <backend syntax="xml" name="marcxml">
          <marc inputformat="xml" outputformat="marc" inputcharset="utf-8" outputcharset="utf-8"/>
        </backend>
      </retrieval>
      <retrieval syntax="usmarc" name="B">
        <backend syntax="xml" name="marcxml">
          <marc inputformat="xml" outputformat="marc" inputcharset="utf-8" outputcharset="utf-8"/>
        </backend>
      </retrieval>
      <retrieval syntax="xml" name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1"/>
      <retrieval syntax="xml" name="F"><backend syntax="xml" name="marcxml"/></retrieval>
      <retrieval syntax="xml" name="dc" identifier="info:srw/schema/1/dc-v1.1"/>
    </retrievalinfo>
  </server>
</yazgfs>
"""


def missing() -> str:
    """What a Zebra needs and this machine lacks; "" where nothing."""
    return "" if shutil.which("zebrasrv") and shutil.which("zebraidx") and modules() else PACKAGES


def modules() -> str:
    """Their folder is named after the machine: Zebra's own default is the wrong one, and then it indexes nothing."""
    return str(next(iter(Path("/usr/lib").glob("*/idzebra-2.0/modules")), ""))


def need_zebra() -> None:
    """Skip the test; REQUIRE_ZEBRA=1 turns the skip into a failure."""
    if not missing():
        return
    if os.environ.get("REQUIRE_ZEBRA") == "1":
        pytest.fail(f"REQUIRE_ZEBRA=1, but this is not installed: {PACKAGES}")
    pytest.skip(f"needs apt-get install {PACKAGES}")


class Zebra:
    def __init__(self, folder: Path, files: Iterable[Path]) -> None:
        self.folder, self.files = folder, list(files)
        self.port = _free_port()
        self.target = f"127.0.0.1:{self.port}/{DATABASE}"
        self.url = f"http://127.0.0.1:{self.port}/{DATABASE}"

    def __enter__(self) -> Zebra:
        write_configuration(self.folder, self.port)
        make_register(self.folder)
        update(self.folder, self.files)
        log = (self.folder / "server.log").open("wb")
        self._process = subprocess.Popen(
            ["zebrasrv", "-f", str(self.folder / "yazgfs.xml")], stdout=log, stderr=log, cwd=self.folder
        )
        log.close()
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _wait(self) -> None:
        for _attempt in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError((self.folder / "server.log").read_text()[-2000:])


def write_configuration(folder: Path, port: int) -> None:
    for name in ("register", "shadow", "lock"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    values = {
        "folder": folder, "port": port, "tables": TABLES, "modules": modules(), "database": DATABASE,
    }  # fmt: skip
    for name, text in (("zebra.cfg", CONFIGURATION), ("filter.xml", FILTER), ("yazgfs.xml", SERVER)):
        (folder / name).write_text(text.format(**values))
    (folder / "index.xsl").write_text(INDEX)
    (folder / "dc.xsl").write_text(DUBLIN_CORE)
    (folder / "pqf.properties").write_text(CQL)


def make_register(folder: Path) -> None:
    """An empty one; what was there is lost."""
    _zebraidx(folder, "init")


def update(folder: Path, files: Iterable[Path]) -> int:
    """Index the files and commit; returns how many records zebraidx says it took in."""
    taken = sum(_inserted(_zebraidx(folder, "update", str(path))) for path in files)
    _zebraidx(folder, "commit")
    return taken


def _zebraidx(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["zebraidx", "-c", str(folder / "zebra.cfg"), *arguments],
        capture_output=True, text=True, cwd=folder, check=True,
    )  # fmt: skip
    return done.stdout + done.stderr


def _inserted(log: str) -> int:
    """Of its line "Records: 383 i/u/d 383/0/0"."""
    found = [line.split("i/u/d ")[1].split("/")[0] for line in log.splitlines() if "i/u/d " in line]
    return int(found[-1]) if found else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
