"""The two statements that count the months anew. Asked by loans.balance.counting alone.

Both take %(start)s and %(zone)s: every month from that moment on, in the portal's time zone. An attempt has supplied
once it was sent or scanned, unless it was taken back or rejected afterwards (as in loans.figures.sql).
"""

from __future__ import annotations

# Where an opaque hub stands between the two ends, each sees the coordinator next to it: the same rule as
# loans.services.addressing.veiled, for all rows at once.
EXCHANGE = """
INSERT INTO loans_exchangemonth (month, supplier_id, requester_id, seen_by_supplier_id, seen_by_requester_id,
                                 service, kind, count, hours, timed)
WITH home AS (
  SELECT DISTINCT ON (m.library_id) m.library_id, n.id AS network_id, n.guided, n.hub_mode, n.coordinator_library_id
    FROM members_networkmember m JOIN members_network n ON n.id = m.network_id
   WHERE m.is_home AND m.is_active AND n.is_active ORDER BY m.library_id, m.id
), sent AS (
  SELECT date_trunc('month', coalesce(a.shipped_at, a.uploaded_at) AT TIME ZONE %(zone)s)::date AS month,
         a.supplier_id AS s, r.requesting_library_id AS q, r.service,
         CASE WHEN r.service = 'copy' OR e.format = 'article' THEN 'article'
              WHEN e.format IS NULL OR e.format IN ('', 'book') THEN 'book' WHEN e.format = 'serial' THEN 'serial'
              WHEN e.format IN ('audio', 'video', 'computer', 'kit') THEN 'media' ELSE 'other' END AS kind,
         CASE WHEN qn.guided THEN nullif(nullif(qn.coordinator_library_id, a.supplier_id), r.requesting_library_id)
              END AS near_q,
         CASE WHEN sn.guided THEN nullif(nullif(sn.coordinator_library_id, a.supplier_id), r.requesting_library_id)
              END AS near_s,
         (coalesce(qn.guided, false) OR a.via_id IS NOT NULL)
           AND (coalesce(qn.guided AND qn.hub_mode = 'opaque', false)
                OR coalesce(sn.guided AND sn.hub_mode = 'opaque', false)) AS hidden,
         extract(epoch FROM coalesce(a.received_at, a.uploaded_at) - r.created_at) / 3600 AS hours
    FROM loans_supplyattempt a
    JOIN loans_request r ON r.id = a.request_id
    LEFT JOIN catalog_edition e ON e.id = r.edition_id
    LEFT JOIN home qh ON qh.library_id = r.requesting_library_id
    LEFT JOIN members_network qn ON qn.id = coalesce(r.network_id, qh.network_id)
    LEFT JOIN home sn ON sn.library_id = a.supplier_id
   WHERE coalesce(a.shipped_at, a.uploaded_at) >= %(start)s
     AND a.status NOT IN ('refused', 'expired', 'withdrawn', 'retry_asked')
)
SELECT month, s, q, CASE WHEN hidden THEN coalesce(near_s, near_q, q) ELSE q END,
       CASE WHEN hidden THEN coalesce(near_q, near_s, s) ELSE s END, service, kind,
       count(*), coalesce(sum(hours), 0), count(hours)
  FROM sent GROUP BY 1, 2, 3, 4, 5, 6, 7
"""

# asked: by the day of asking. filled: by the day it was sent. unfilled: by the day it was closed. Answers: by theirs.
MONTHS = """
INSERT INTO loans_librarymonth (month, library_id, asked, filled, unfilled, yes, no, made_at)
SELECT date_trunc('month', at AT TIME ZONE %(zone)s)::date, library_id,
       count(*) FILTER (WHERE what = 'asked'), count(*) FILTER (WHERE what = 'filled'),
       count(*) FILTER (WHERE what = 'unfilled'), count(*) FILTER (WHERE what = 'yes'),
       count(*) FILTER (WHERE what = 'no'), %(now)s
  FROM (
    SELECT created_at AS at, requesting_library_id AS library_id, 'asked' AS what
      FROM loans_request WHERE created_at >= %(start)s
    UNION ALL
    SELECT coalesce(a.shipped_at, a.uploaded_at), r.requesting_library_id, 'filled'
      FROM loans_supplyattempt a JOIN loans_request r ON r.id = a.request_id
     WHERE coalesce(a.shipped_at, a.uploaded_at) >= %(start)s
       AND a.status NOT IN ('refused', 'expired', 'withdrawn', 'retry_asked')
    UNION ALL
    SELECT closed_at, requesting_library_id, 'unfilled'
      FROM loans_request WHERE closed_at >= %(start)s AND outcome = 'unfilled'
    UNION ALL
    SELECT CASE WHEN status = 'expired' THEN closed_at ELSE answered_at END, supplier_id,
           CASE WHEN status IN ('expired', 'refused', 'retry_asked') THEN 'no' ELSE 'yes' END
      FROM loans_supplyattempt
     WHERE (CASE WHEN status = 'expired' THEN closed_at ELSE answered_at END) >= %(start)s
       AND status NOT IN ('withdrawn', 'outbid', 'offered', 'volunteered', 'asked', 'considering')
  ) AS told
 GROUP BY 1, 2
"""
