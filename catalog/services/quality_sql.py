"""The SQL of the quality checks: one record as a row of facts, and what only shows between records.

Read by services/quality_checks.py and services/quality.py. Parameters: source, library, titles, next_year, places.
"""

from __future__ import annotations

# An ISBN belongs to one publication. Two titles under it may be one title written twice, three are a mistake.
TITLES_PER_ISBN = 3
# What claims to be older is a manuscript or a mistake. The readers take such numbers, and those of years to come, for
# no year at all; what was written is kept beside.
EARLIEST_YEAR = 1400

# One live record of the source a row. jsonb_to_record unpacks the stored draft once for all its fields.
FACTS = """
SELECT r.id, r.identifier, r.edition_id, d.title, d.year, coalesce(d.year_text, '') AS year_text,
  coalesce(d.year, substring(d.year_text FROM '[0-9]{4}')::numeric) AS told_year,
  coalesce(d.language, '') AS language, coalesce(d.publisher, '') AS publisher, coalesce(d.place, '') AS place,
  coalesce(d.extent, '') AS extent, coalesce(d.format, 'book') AS format, d.identifiers, d.warnings,
  r.features ? 'isbn' AS has_isbn, d.subjects IS NOT NULL AS has_subject, d.contributors IS NOT NULL AS has_author,
  EXISTS (SELECT FROM catalog_holding h WHERE h.record_id = r.id AND h.call_number <> '') AS has_call_number,
  d.holdings IS NOT NULL OR EXISTS (SELECT FROM catalog_item i WHERE i.record_id = r.id) AS has_copies
FROM catalog_sourcerecord r CROSS JOIN LATERAL jsonb_to_record(r.draft) AS d(
  title text, year numeric, year_text text, language text, publisher text, place text, extent text, format text,
  identifiers jsonb, warnings jsonb, subjects jsonb, contributors jsonb, holdings jsonb)
WHERE r.source_id = %(source)s AND r.record_type = 'bib' AND r.deleted_at IS NULL
"""
_BAD_ISBN = '$[*] ? (@.scheme == "isbn" && @.valid == false).value'
WRONG_NUMBER = f"(jsonb_path_query_first(identifiers, '{_BAD_ISBN}') #>> '{{}}')"
DIGITS = f"length(regexp_replace({WRONG_NUMBER}, '[^0-9Xx]', '', 'g'))"
ISSN = """(jsonb_path_query_first(identifiers, '$[*] ? (@.scheme == "issn").value') #>> '{}')"""
GUESSED = """warnings ?| array['fallback_encoding', 'double_encoded', 'utf8_damaged']"""

# Below, what occurs often is put into an array: it is worked out once and looked up by hash, whatever the planner
# thinks of sizes that it can't know.
MANY_TITLES = """
WITH told AS MATERIALIZED (
  SELECT r.id, r.source_id, isbn, r.features->>'title' AS stem
  FROM catalog_sourcerecord r JOIN catalog_source s ON s.id = r.source_id,
    jsonb_array_elements_text(r.features->'isbn') AS isbn
  WHERE s.library_id = %(library)s AND r.record_type = 'bib' AND r.deleted_at IS NULL)
SELECT id AS record_id, min(isbn) AS value FROM told
WHERE source_id = %(source)s
  AND isbn = ANY(ARRAY(SELECT isbn FROM told GROUP BY isbn HAVING count(DISTINCT stem) >= %(titles)s))
GROUP BY id
"""
SAME_EDITION = """
WITH named AS MATERIALIZED (
  SELECT r.id, r.source_id, r.identifier, r.edition_id
  FROM catalog_sourcerecord r JOIN catalog_source s ON s.id = r.source_id
  WHERE s.library_id = %(library)s AND r.record_type = 'bib' AND r.deleted_at IS NULL AND r.edition_id = ANY(ARRAY(
    SELECT edition_id FROM catalog_holding WHERE library_id = %(library)s
    GROUP BY edition_id HAVING count(DISTINCT record_id) > 1)))
SELECT record_id, value FROM (
  SELECT id AS record_id, source_id, count(*) OVER edition AS records,
    left(string_agg(identifier, ', ') OVER edition, 200) AS value
  FROM named WINDOW edition AS (
    PARTITION BY edition_id ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) AS twins
WHERE source_id = %(source)s AND records > 1
"""
SAME_BARCODE = """
WITH told AS MATERIALIZED (
  SELECT h.record_id, barcode FROM catalog_holding h, jsonb_array_elements_text(h.barcodes) AS barcode
  WHERE h.library_id = %(library)s)
SELECT t.record_id, min(t.barcode) AS value FROM told t JOIN catalog_sourcerecord r ON r.id = t.record_id
WHERE t.barcode = ANY(ARRAY(SELECT barcode FROM told GROUP BY barcode HAVING count(*) > 1))
  AND r.source_id = %(source)s AND r.deleted_at IS NULL GROUP BY t.record_id
"""
