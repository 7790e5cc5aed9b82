-- All pages of a key that has more postings than one takes.
select p.body from match_runs r join match_pages p on p.org_id = r.org_id and p.run = r.run
where r.org_id = $1 and r.kind = $2::smallint and p.last_key = $3;
