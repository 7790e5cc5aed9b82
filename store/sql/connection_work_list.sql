select at, work, subject_id, problem, requests, total_ms, slowest_ms
from connection_work where org_id = $1 and connection_id = $2 order by id desc limit 500;
