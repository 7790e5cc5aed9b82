-- What speaks for a candidate, and how much would be to decide or to gain: the inbox is filtered and sorted by it. Names of comparisons and
-- numbers, no values.
alter table candidates add column speaks_for text[] not null default '{}';
alter table candidates add column conflicts smallint not null default 0 check (conflicts >= 0);
alter table candidates add column additions smallint not null default 0 check (additions >= 0);

-- The record that speaks for a contact. As a table, so that the planner sees into it: a call for each of ten thousand contacts took seconds.
create function contact_best(p_contact uuid)
  returns table (decided text, moved boolean, band text, speaks_for text[], conflicts smallint, additions smallint)
  language sql stable parallel safe
  as $$
  select k.decided, k.moved, k.band, k.speaks_for, k.conflicts, k.additions
  from candidates k join records r on r.org_id = k.org_id and r.id = k.record_id and r.deleted_at is null
  where k.org_id = app_org() and k.contact_id = p_contact and k.decided is distinct from 'different'
  order by (k.decided is not null) desc, k.weight desc, k.id limit 1
$$;
-- In which lane a contact lies, by what it is put off until and by the record that speaks for it.
create function inbox_lane(p_postponed date, p_decided text, p_moved boolean, p_band text) returns text
  language sql stable parallel safe
  as $$
  select case when p_postponed > current_date then 'later' when p_decided = 'same' then 'exists' when p_moved then 'company'
    when p_band = 'obvious' then 'exists' when p_band is not null then 'possible' else 'new' end
$$;
drop function contact_lane(uuid);
-- Where it stands among others: by what there is to decide, least first ('effort'), or to gain, most first ('value'). What has no record
-- that speaks for it is last.
create function inbox_rank(p_conflicts smallint, p_additions smallint, p_by text) returns int
  language sql immutable parallel safe
  as $$
  select coalesce(case p_by when 'effort' then p_conflicts * 100 - p_additions else p_conflicts - p_additions * 100 end, 1000000)
$$;
revoke all on function contact_best(uuid), inbox_lane(date, text, boolean, text), inbox_rank(smallint, smallint, text) from public;
grant execute on function contact_best(uuid), inbox_lane(date, text, boolean, text), inbox_rank(smallint, smallint, text) to kartei_app;

-- What was decided about others for the same reasons.
create index candidates_decided_at on candidates (org_id, decided_at desc) where decided is not null;
