"""The questions themselves, one statement each, whatever the number of requests. Asked by loans.figures.query alone.

Every statement takes %(library)s (NULL: the whole network), %(start)s and %(end)s. The values are put in by the driver
as literals, so that "NULL IS NULL OR …" costs nothing and a library's figures use the indexes of its rows.
An attempt has supplied once it was sent or scanned, unless it was taken back or rejected afterwards.
"""

from __future__ import annotations

# asked: by the day of asking. filled: by the day it was sent. The others: by the day they were closed.
ENDS = """
SELECT service, 'asked' AS outcome, count(*), 0
  FROM loans_request r
 WHERE r.created_at >= %(start)s AND r.created_at < %(end)s
   AND (%(library)s::bigint IS NULL OR r.requesting_library_id = %(library)s)
 GROUP BY service
UNION ALL
SELECT r.service, 'filled', count(*), count(*) FILTER (WHERE n.request_id IS NULL)
  FROM loans_supplyattempt a
  JOIN loans_request r ON r.id = a.request_id
  LEFT JOIN (SELECT DISTINCT request_id FROM loans_supplyattempt
              WHERE status IN ('refused', 'expired', 'retry_asked')) n ON n.request_id = a.request_id
 WHERE coalesce(a.shipped_at, a.uploaded_at) >= %(start)s AND coalesce(a.shipped_at, a.uploaded_at) < %(end)s
   AND a.status NOT IN ('refused', 'expired', 'withdrawn', 'retry_asked')
   AND (%(library)s::bigint IS NULL OR r.requesting_library_id = %(library)s)
 GROUP BY r.service
UNION ALL
SELECT service, CASE WHEN r.status = 'filled_locally' THEN 'local' ELSE outcome END, count(*), 0
  FROM loans_request r
 WHERE r.closed_at >= %(start)s AND r.closed_at < %(end)s
   AND (r.outcome <> 'filled' OR r.status = 'filled_locally')
   AND (%(library)s::bigint IS NULL OR r.requesting_library_id = %(library)s)
 GROUP BY 1, 2
"""

# An answer counts on its day, silence on the day the time was over. What was taken back is no answer.
ANSWERS = """
WITH answered AS NOT MATERIALIZED (
  SELECT a.id, a.request_id, a.supplier_id,
         CASE WHEN a.status = 'expired' THEN 'silent'
              WHEN a.status IN ('refused', 'retry_asked') THEN 'no' ELSE 'yes' END AS answer,
         CASE WHEN a.status = 'expired' THEN 'no_answer'
              WHEN a.status = 'retry_asked' THEN a.retry_reason
              WHEN a.status = 'refused' THEN a.reason_unfilled ELSE '' END AS reason
    FROM loans_supplyattempt a
   WHERE (CASE WHEN a.status = 'expired' THEN a.closed_at ELSE a.answered_at END) >= %(start)s
     AND (CASE WHEN a.status = 'expired' THEN a.closed_at ELSE a.answered_at END) < %(end)s
     AND a.status NOT IN ('withdrawn', 'outbid', 'offered', 'volunteered', 'asked', 'considering')
)
SELECT 'said', answer, reason, count(*) FROM answered
 WHERE %(library)s::bigint IS NULL OR supplier_id = %(library)s GROUP BY 2, 3
UNION ALL
SELECT 'heard', answer, reason, count(*) FROM answered
  JOIN loans_request r ON r.id = answered.request_id
 WHERE r.requesting_library_id = %(library)s GROUP BY 2, 3
"""

MONTHS = """
SELECT 'asked', date_trunc('month', r.created_at AT TIME ZONE %(zone)s)::date, count(*)
  FROM loans_request r
 WHERE r.created_at >= %(start)s AND r.created_at < %(end)s
   AND (%(library)s::bigint IS NULL OR r.requesting_library_id = %(library)s)
 GROUP BY 2
UNION ALL
SELECT 'supplied', date_trunc('month', coalesce(a.shipped_at, a.uploaded_at) AT TIME ZONE %(zone)s)::date, count(*)
  FROM loans_supplyattempt a
 WHERE coalesce(a.shipped_at, a.uploaded_at) >= %(start)s AND coalesce(a.shipped_at, a.uploaded_at) < %(end)s
   AND a.status NOT IN ('refused', 'expired', 'withdrawn', 'retry_asked')
   AND (%(library)s::bigint IS NULL OR a.supplier_id = %(library)s)
 GROUP BY 2
UNION ALL
SELECT 'received', date_trunc('month', coalesce(a.received_at, a.uploaded_at) AT TIME ZONE %(zone)s)::date, count(*)
  FROM loans_supplyattempt a JOIN loans_request r ON r.id = a.request_id
 WHERE coalesce(a.received_at, a.uploaded_at) >= %(start)s AND coalesce(a.received_at, a.uploaded_at) < %(end)s
   AND a.status NOT IN ('refused', 'expired', 'withdrawn', 'retry_asked')
   AND (%(library)s::bigint IS NULL OR r.requesting_library_id = %(library)s)
 GROUP BY 2
"""

# A stage counts on the day it ended. Answering and sending are the supplier's, the others the requesting library's.
TURNAROUND = """
WITH took AS (
  SELECT s.stage, r.service, r.level, extract(epoch FROM s.ended - s.begun) / 3600 AS hours
    FROM loans_supplyattempt a JOIN loans_request r ON r.id = a.request_id
    CROSS JOIN LATERAL (VALUES
      ('answer', a.asked_at, a.answered_at),
      ('send', a.answered_at, coalesce(a.shipped_at, a.uploaded_at))) AS s(stage, begun, ended)
   WHERE s.ended >= %(start)s AND s.ended < %(end)s AND s.begun IS NOT NULL
     AND (%(library)s::bigint IS NULL OR a.supplier_id = %(library)s)
  UNION ALL
  SELECT s.stage, r.service, r.level, extract(epoch FROM s.ended - s.begun) / 3600
    FROM loans_request r JOIN loans_supplyattempt a ON a.request_id = r.id
    CROSS JOIN LATERAL (VALUES
      ('travel', a.shipped_at, a.received_at),
      ('whole', r.created_at, coalesce(a.received_at, a.uploaded_at))) AS s(stage, begun, ended)
   WHERE s.ended >= %(start)s AND s.ended < %(end)s AND s.begun IS NOT NULL
     AND (%(library)s::bigint IS NULL OR r.requesting_library_id = %(library)s)
  UNION ALL
  SELECT 'begin', r.service, r.level, extract(epoch FROM f.asked_at - r.created_at) / 3600
    FROM loans_request r CROSS JOIN LATERAL
         (SELECT min(a.asked_at) AS asked_at FROM loans_supplyattempt a WHERE a.request_id = r.id) f
   WHERE f.asked_at >= %(start)s AND f.asked_at < %(end)s
     AND (%(library)s::bigint IS NULL OR r.requesting_library_id = %(library)s)
)
SELECT stage, service, coalesce(level, ''), count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY hours),
       avg(hours), percentile_cont(0.9) WITHIN GROUP (ORDER BY hours)
  FROM took GROUP BY GROUPING SETS ((stage, service), (stage, service, level))
"""

# Of an end that an opaque hub hides, a library learns the coordinator alone: loans.services.addressing.veiled.
PAIRS = """
WITH home AS (
  SELECT DISTINCT ON (m.library_id) m.library_id, n.id AS network_id, n.guided, n.hub_mode, n.coordinator_library_id
    FROM members_networkmember m JOIN members_network n ON n.id = m.network_id
   WHERE m.is_home AND m.is_active AND n.is_active ORDER BY m.library_id, m.id
), pairs AS (
  SELECT a.supplier_id, r.requesting_library_id, r.network_id, a.via_id IS NOT NULL AS led, r.service, count(*) AS n
    FROM loans_supplyattempt a JOIN loans_request r ON r.id = a.request_id
   WHERE coalesce(a.shipped_at, a.uploaded_at) >= %(start)s AND coalesce(a.shipped_at, a.uploaded_at) < %(end)s
     AND a.status NOT IN ('refused', 'expired', 'withdrawn', 'retry_asked')
     AND (%(library)s::bigint IS NULL OR a.supplier_id = %(library)s)
   GROUP BY 1, 2, 3, 4, 5
  UNION ALL
  SELECT a.supplier_id, r.requesting_library_id, r.network_id, a.via_id IS NOT NULL, r.service, count(*)
    FROM loans_request r JOIN loans_supplyattempt a ON r.id = a.request_id
   WHERE coalesce(a.shipped_at, a.uploaded_at) >= %(start)s AND coalesce(a.shipped_at, a.uploaded_at) < %(end)s
     AND a.status NOT IN ('refused', 'expired', 'withdrawn', 'retry_asked')
     AND r.requesting_library_id = %(library)s AND a.supplier_id <> %(library)s
   GROUP BY 1, 2, 3, 4, 5
), hubs AS (
  SELECT p.supplier_id AS s, p.requesting_library_id AS q, p.service, p.n,
         CASE WHEN qn.guided
              THEN nullif(nullif(qn.coordinator_library_id, p.supplier_id), p.requesting_library_id) END AS near_q,
         CASE WHEN sn.guided
              THEN nullif(nullif(sn.coordinator_library_id, p.supplier_id), p.requesting_library_id) END AS near_s,
         %(library)s::bigint IS NOT NULL AND (coalesce(qn.guided, false) OR p.led)
           AND (coalesce(qn.guided AND qn.hub_mode = 'opaque', false)
                OR coalesce(sn.guided AND sn.hub_mode = 'opaque', false)) AS hidden
    FROM pairs p
    LEFT JOIN home qh ON qh.library_id = p.requesting_library_id
    LEFT JOIN members_network qn ON qn.id = coalesce(p.network_id, qh.network_id)
    LEFT JOIN home sn ON sn.library_id = p.supplier_id
)
SELECT CASE WHEN hidden AND q = %(library)s THEN coalesce(near_q, near_s, s) ELSE s END,
       CASE WHEN hidden AND s = %(library)s THEN coalesce(near_s, near_q, q) ELSE q END, service, sum(n)::bigint
  FROM hubs GROUP BY 1, 2, 3
"""

# A title asked for once is nobody's business.
WANTED = """
SELECT r.edition_id, max(r.title), count(*)
  FROM loans_request r
 WHERE r.created_at >= %(start)s AND r.created_at < %(end)s
   AND (%(library)s::bigint IS NULL OR r.requesting_library_id = %(library)s)
 GROUP BY r.edition_id, CASE WHEN r.edition_id IS NULL THEN lower(r.title) END
HAVING count(*) > 1
 ORDER BY 3 DESC, 2 LIMIT 20
"""

# Late: not on its way back when the day was over. Loans that the library sent out; for the network, all.
OVERDUE = """
SELECT count(*) FILTER (WHERE a.due_on >= %(first)s AND a.due_on <= %(last)s),
       count(*) FILTER (WHERE a.due_on >= %(first)s AND a.due_on <= %(last)s
                          AND coalesce((a.returned_at AT TIME ZONE %(zone)s)::date, %(today)s) > a.due_on),
       count(*) FILTER (WHERE a.returned_at IS NULL AND a.status IN ('shipped', 'received'))
  FROM loans_supplyattempt a
 WHERE a.due_on < %(today)s AND a.shipped_at IS NOT NULL
   AND (%(library)s::bigint IS NULL OR a.supplier_id = %(library)s)
"""

COSTS = """
SELECT currency, kind,
       coalesce(sum(amount) FILTER (WHERE %(library)s::bigint IS NULL OR payee_library_id = %(library)s), 0),
       coalesce(sum(amount) FILTER (WHERE %(library)s::bigint IS NULL OR payer_library_id = %(library)s), 0)
  FROM loans_charge
 WHERE at >= %(start)s AND at < %(end)s AND state IN ('due', 'settled')
   AND (%(library)s::bigint IS NULL OR payee_library_id = %(library)s OR payer_library_id = %(library)s)
 GROUP BY currency, kind ORDER BY currency, kind
"""
