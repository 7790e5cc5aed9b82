insert into match_runs (org_id, kind, run, size) values ($1, $2::smallint, nextval('match_numbers'), $3) returning run;
