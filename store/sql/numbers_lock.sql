-- Rules and requests are numbered one after the other, whoever adds them.
select org_id from orgs where org_id = $1 for no key update;
