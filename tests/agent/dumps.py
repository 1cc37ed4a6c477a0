"""Dumps as mysqldump and phpMyAdmin write them, made of plain rows, with the columns of the systems' own tables."""

from __future__ import annotations

import itertools
from typing import Any

TABLES = {
    "biblio": "biblio_id gmd_id title sor edition isbn_issn publisher_id publish_year collation series_title "
    "call_number language_id source publish_place_id classification notes image file_att opac_hide promoted "
    "labels frequency_id spec_detail_info input_date last_update",
    "mst_author": "author_id author_name author_year authority_type auth_list input_date last_update",
    "biblio_author": "biblio_id author_id level",
    "mst_publisher": "publisher_id publisher_name input_date last_update",
    "mst_place": "place_id place_name input_date last_update",
    "mst_language": "language_id language_name input_date last_update",
    "mst_topic": "topic_id topic topic_type auth_list classification input_date last_update",
    "biblio_topic": "biblio_id topic_id level",
    "mst_gmd": "gmd_id gmd_code gmd_name icon_image input_date last_update",
    "item": "item_id biblio_id call_number coll_type_id item_code inventory_code received_date supplier_id order_no "
    "location_id order_date item_status_id site source invoice price price_currency invoice_date input_date "
    "last_update uid",
    "mst_location": "location_id location_name input_date last_update",
    "mst_item_status": "item_status_id item_status_name rules no_loan skip_stock_take input_date last_update",
    "loan": "loan_id item_code member_id loan_date due_date renewed loan_rules_id actual is_lent is_return return_date",
    "member": "member_id member_name gender birth_date",
    "catalogs": "ID ControlNumber BIBID Title Author Edition Publisher PublishLocation PublishYear Publikasi Subject "
    "PhysicalDescription ISBN CallNumber Note Languages DeweyNo IsOPAC Worksheet_id MARC_LOC QUARANTINEDDATE",
    "catalog_ruas": "ID CatalogId Tag Indicator1 Indicator2 Value Sequence CreateBy",
    "catalog_subruas": "ID RuasID SubRuas Value Sequence CreateBy",
    "collections": "ID NomorBarcode NoInduk CallNumber Branch_id Catalog_id Location_id Rule_id Status_id "
    "Location_Library_id QUARANTINEDDATE ISOPAC",
    "collectionstatus": "ID Name",
    "collectionrules": "ID Name",
    "locations": "ID Code Name",
    "location_library": "ID Code Name",
    "collectionloanitems": "ID CollectionLoan_id LoanDate DueDate ActualReturn LoanStatus Collection_id member_id",
}
Rows = dict[str, list[dict[str, Any]]]


def quoted(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{text}'"


def dump(rows: Rows, *, style: str = "mysqldump", per_statement: int = 3, columns_named: bool = False) -> str:
    """`style`: mysqldump or phpmyadmin."""
    mysqldump = style == "mysqldump"
    parts = [
        "-- MySQL dump 10.19  Distrib 10.3\n--\n"
        if mysqldump
        else "-- phpMyAdmin SQL Dump\n-- it's a comment; really\n"
    ]
    parts.append("/*!40101 SET NAMES utf8 */;\nSET SQL_MODE = 'NO_AUTO_VALUE_ON_ZERO';\n")
    for table, values in rows.items():
        columns = TABLES[table].split()
        shape = ",\n".join(f"  `{name}` varchar(99) DEFAULT '' COMMENT 'a; (b)'" for name in columns)
        parts.append(
            f"DROP TABLE IF EXISTS `{table}`;\n"
            f"CREATE TABLE `{table}` (\n{shape},\n  KEY `k` (`{columns[0]}`)\n) ENGINE=x;\n"
        )
        names = f" ({', '.join(f'`{name}`' for name in columns)})" if columns_named or not mysqldump else ""
        each = iter(values)
        while some := list(itertools.islice(each, per_statement)):
            lines = ["(" + ",".join(quoted(row.get(name)) for name in columns) + ")" for row in some]
            between = "," if mysqldump else ",\n"
            parts.append(
                f"INSERT INTO `{table}`{names} VALUES{' ' if mysqldump else chr(10)}{between.join(lines)};\n"
            )
    parts.append(
        "DELIMITER ;;\nCREATE TRIGGER `t` AFTER DELETE ON `loan` FOR EACH ROW BEGIN SET @a='x;'; END ;;\nDELIMITER ;\n"
    )
    if mysqldump:
        parts.append("-- Dump completed on 2026-03-02 12:00:00\n")
    return "".join(parts)


def slims(titles: int = 3, **changes: Any) -> Rows:
    """A small SLiMS: each title with one author, one topic and two copies. `changes`: of title 1."""
    books = [
        {"biblio_id": n, "gmd_id": 1, "title": f"Sejarah kota nomor {n}", "publisher_id": 1, "publish_year": "2004",
         "language_id": "id", "publish_place_id": 1, "call_number": f"959.8 KOT {n}", "classification": "959.8",
         "collation": "120 hlm.", "opac_hide": 0, "series_title": "", "isbn_issn": ""}
        for n in range(1, titles + 1)
    ]  # fmt: skip
    books[0].update(changes)
    return {
        "biblio": books,
        "mst_author": [{"author_id": n, "author_name": f"Penulis, Orang {n}"} for n in range(1, titles + 1)],
        "biblio_author": [{"biblio_id": n, "author_id": n, "level": 1} for n in range(1, titles + 1)],
        "mst_publisher": [{"publisher_id": 1, "publisher_name": "Penerbit 'Kita'"}],
        "mst_place": [{"place_id": 1, "place_name": "Bandung"}],
        "mst_language": [{"language_id": "id", "language_name": "Indonesia"}],
        "mst_topic": [{"topic_id": 1, "topic": "Sejarah; kota"}],
        "biblio_topic": [{"biblio_id": n, "topic_id": 1, "level": 1} for n in range(1, titles + 1)],
        "mst_gmd": [{"gmd_id": 1, "gmd_code": "TE", "gmd_name": "Text"}],
        "member": [{"member_id": "M1", "member_name": "Rahasia, Anggota"}],
        "item": [
            {"item_id": 2 * n + k, "biblio_id": n, "item_code": f"B{n:04}{k}", "location_id": "SL",
             "item_status_id": "0"}
            for n in range(1, titles + 1)
            for k in (0, 1)
        ],
        "mst_location": [{"location_id": "SL", "location_name": "Ruang Baca"}],
        "mst_item_status": [
            {"item_status_id": "R", "item_status_name": "Repair", "no_loan": 1},
            {"item_status_id": "TD", "item_status_name": "Tandon kami", "no_loan": 1},
        ],
        "loan": [
            {"loan_id": n, "item_code": code, "member_id": "M1", "due_date": due, "is_lent": 1, "is_return": back}
            for n, code, due, back in ((1, "B00010", "2026-12-24", 0), (2, "B00011", "2025-12-24", 1))
        ],
    }  # fmt: skip


def inlislite() -> Rows:
    fields = [
        ("001", None, None, "INLIS000000000000001", []),
        ("008", None, None, "210327###########################0#ind##", []),
        ("020", "#", "#", "$a 9789799731234", [("a", "9789799731234")]),
        ("100", "0", "#", "$a Pramoedya Ananta Toer", [("a", "Pramoedya Ananta Toer")]),
        ("245", "1", "#", "$a Bumi Manusia /$c Pramoedya", [("a", "Bumi Manusia /"), ("c", "Pramoedya")]),
        ("260", "#", "#", "$a Jakarta :$b Hasta Mitra,$c 1980", []),
    ]
    ruas, subruas = [], []
    for number, (tag, first, second, value, parts) in enumerate(fields, 1):
        ruas.append({"ID": number, "CatalogId": 7, "Tag": tag, "Indicator1": first, "Indicator2": second,
                     "Value": value, "Sequence": number})  # fmt: skip
        subruas += [{"ID": 100 * number + n, "RuasID": number, "SubRuas": c, "Value": v, "Sequence": n}
                    for n, (c, v) in enumerate(parts, 1)]  # fmt: skip
    return {
        "catalogs": [{"ID": 7, "Title": "Bumi Manusia", "IsOPAC": 1}, {"ID": 8, "Title": "Tersembunyi", "IsOPAC": 0}],
        "catalog_ruas": ruas,
        "catalog_subruas": subruas,
        "collections": [
            {"ID": n, "NomorBarcode": f"{n:011}", "CallNumber": "813 PRA b", "Catalog_id": 7, "Location_id": 1,
             "Rule_id": rule, "Status_id": status, "Location_Library_id": 1, "ISOPAC": 1}
            for n, rule, status in ((1, 1, 1), (2, 1, 1), (3, 2, 1), (4, 1, 8))
        ],
        "collectionstatus": [{"ID": 1, "Name": "Tersedia"}, {"ID": 8, "Name": "Hilang"}],
        "collectionrules": [{"ID": 1, "Name": "Dapat dipinjam"}, {"ID": 2, "Name": "Baca di tempat"}],
        "locations": [{"ID": 1, "Code": "0101", "Name": "Ruang Baca Umum"}],
        "location_library": [{"ID": 1, "Code": "PUSAT", "Name": "Perpustakaan Pusat"}],
        "collectionloanitems": [
            {"ID": 1, "Collection_id": 2, "DueDate": "2026-12-24 00:00:00", "LoanStatus": "Loan"},
            {"ID": 2, "Collection_id": 1, "DueDate": "2025-01-24 00:00:00", "ActualReturn": "2025-01-20 10:00:00",
             "LoanStatus": "Return"},
        ],
    }  # fmt: skip
