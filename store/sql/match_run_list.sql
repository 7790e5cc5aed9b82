select r.run, r.size, coalesce(r."into", 0), exists (select from match_runs s where s.org_id = $1 and s."into" = r.run)
from match_runs r where r.org_id = $1 and r.kind = $2::smallint order by r.size desc, r.run;
