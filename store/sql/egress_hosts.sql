select h.id, h.host, count(e.at_hour), h.first_at, max(e.at_hour)
from egress_hosts h join egress_hours e on e.org_id = h.org_id and e.host_hash = h.host_hash
where h.org_id = $1 and e.at_hour > now() - interval '30 days'
group by h.id, h.host, h.first_at order by count(e.at_hour) desc, h.id limit 500;
