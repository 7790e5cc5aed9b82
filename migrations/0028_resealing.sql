-- Data keys can be changed while programs run: every sealed value is sealed anew under the present version, then the old one goes.

-- What was bound to something shared gets a row of its own to be bound to, so that no two values can be exchanged. Nothing is released
-- yet: the few rows that developers have are let go, they could no longer be opened.
delete from mappings;
update connections set mapping_version = 0;
alter table mappings add column id uuid not null;
delete from mailbox_messages;
alter table mailbox_messages add column id uuid not null;
delete from contact_versions;
alter table contact_versions add column id uuid not null;

alter table org_keys add column emptied_at timestamptz; -- since when nothing is sealed under it
alter table blobs add foreign key (org_id, key_version) references org_keys (org_id, version);
create index blobs_key_version on blobs (org_id, key_version);

-- The id that follows from a hash (RFC 9562 version 8): store_derived_id() of store/core/key.c.
create function sealed_id(p_hash bytea) returns uuid
  language sql immutable strict parallel safe
  as $$
  select encode(set_byte(set_byte(substring(p_hash from 1 for 16), 6, 128 | (get_byte(p_hash, 6) & 15)), 8,
    128 | (get_byte(p_hash, 8) & 63)), 'hex')::uuid
$$;
revoke all on function sealed_id(bytea) from public;
grant execute on function sealed_id(bytea) to kartei_guard;

-- The sealed columns, and the row that each value is bound to, as an expression. docs/data-inventory.md says the same; a test compares.
create table sealed_columns (
  table_name text not null,
  column_name text not null,
  row_name text not null default 'id',
  primary key (table_name, column_name)
);
insert into sealed_columns (table_name, column_name)
select t, c from (values
  ('users', '{profile}'), ('lists', '{name}'), ('scans', '{param}'), ('cards', '{reading}'), ('contacts', '{contact,reading}'),
  ('contact_versions', '{contact}'), ('connections', '{name,settings,secret,cursor,param}'),
  ('records', '{remote_id,remote_version,contact}'), ('candidates', '{reasons,why}'), ('previews', '{plan}'),
  ('write_backs', '{plan,before,remote_id,version_seen,version_after,param}'), ('jobs', '{param}'), ('idempotency', '{head,body}'),
  ('oauth_begun', '{trip}'), ('export_entries', '{contact}'), ('mappings', '{doc,fields}'), ('mailboxes', '{excluded,cursor}'),
  ('mailbox_messages', '{remote_id}'), ('matching_rules', '{policy,lesson,simulation}'), ('api_tokens', '{name,used_from}'),
  ('support_grants', '{reason}'), ('alerts', '{address,host}'), ('egress_hosts', '{host}')) as s (t, cs), unnest(cs::text[]) as c;
insert into sealed_columns (table_name, column_name, row_name)
select t, c, r from (values
  ('orgs', '{name}', 'org_id'), ('oauth_tokens', '{access,refresh,base,scope}', 'connection_id'),
  ('mapping_drafts', '{doc,fields}', 'connection_id'), ('connection_fields', '{fields}', 'connection_id')) as s (t, cs, r),
  unnest(cs::text[]) as c;
-- Steps with smaller numbers may have been written later than this one.
insert into sealed_columns (table_name, column_name, row_name)
select t, c, r from (values
  ('identity_providers', '{settings,secret}', 'id'), ('oidc_begun', '{trip}', 'id'), ('sessions', '{client}', 'id'),
  ('invitations', '{bound}', 'id'), ('sign_ups', '{profile}', 'id'),
  ('sign_up_domains', '{domain}', 'sealed_id(domain_hash)'),
  ('second_factors', '{seed}', 'user_id')) as s (t, cs, r), unnest(cs::text[]) as c
where exists (select from pg_attribute a where a.attrelid = to_regclass(t) and a.attname = c);
grant select on sealed_columns to kartei_app, kartei_guard;

-- A table that another step adds later brings its columns by this.
create procedure sealed(p_table text, p_columns text[], p_row text default 'id')
  language plpgsql
  as $$
declare
  c text;
begin
  foreach c in array p_columns loop
    insert into sealed_columns values (p_table, c, p_row) on conflict do nothing;
    execute format('grant select, update (%I) on %I to kartei_guard', c, p_table);
  end loop;
  if not exists (select from pg_policy where polrelid = p_table::regclass and polname in ('guard', 'reseal')) then
    execute format('create policy reseal on %I to kartei_guard using (org_id = app_org())', p_table);
  end if;
end
$$;
revoke all on procedure sealed(text, text[], text) from public;
do $$
declare
  s record;
begin
  for s in select table_name, array_agg(column_name) as columns, min(row_name) as row_name from sealed_columns group by 1 loop
    call sealed(s.table_name, s.columns, s.row_name);
  end loop;
end
$$;

grant create on schema kartei to kartei_guard;
set local role kartei_guard;
-- The next values of a column that are not sealed under p_version, in the order in which they lie.
create function guard_reseal_page(p_org uuid, p_table text, p_column text, p_version bigint, p_after tid, p_limit int)
  returns table (place text, row_id uuid, value bytea)
  language plpgsql stable security definer set search_path = kartei, pg_temp
  as $$
declare
  s sealed_columns;
begin
  select * into strict s from sealed_columns c where c.table_name = p_table and c.column_name = p_column;
  if p_org is distinct from app_org() then
    return;
  end if;
  return query execute format('select ctid::text, %s, %I from %I where org_id = $1 and ctid > $2 and %I is not null
    and substring(%I from 1 for 4) <> int4send($3::int) order by ctid limit $4',
    s.row_name, s.column_name, s.table_name, s.column_name, s.column_name) using p_org, p_after, p_version, p_limit;
end
$$;
-- Puts fresh values where the old ones still are; what was changed meanwhile is met again in the next round.
create function guard_reseal_put(p_org uuid, p_table text, p_column text, p_places text[], p_old bytea[], p_new bytea[])
  returns bigint
  language plpgsql security definer set search_path = kartei, pg_temp
  as $$
declare
  s sealed_columns;
  n bigint;
begin
  select * into strict s from sealed_columns c where c.table_name = p_table and c.column_name = p_column;
  if p_org is distinct from app_org() then
    return 0;
  end if;
  execute format('update %I t set %I = n.fresh from unnest($2::text[], $3, $4) as n (place, old, fresh)
    where t.org_id = $1 and t.ctid = n.place::tid and t.%I = n.old', s.table_name, s.column_name, s.column_name)
    using p_org, p_places, p_old, p_new;
  get diagnostics n = row_count;
  return n;
end
$$;
-- Values and files that are sealed under that version.
create function guard_reseal_count(p_org uuid, p_version bigint) returns bigint
  language plpgsql stable security definer set search_path = kartei, pg_temp
  as $$
declare
  s sealed_columns;
  n bigint;
  total bigint := 0;
begin
  if p_org is distinct from app_org() then
    return 0;
  end if;
  for s in select * from sealed_columns loop
    execute format('select count(*) from %I where org_id = $1 and substring(%I from 1 for 4) = int4send($2::int)',
      s.table_name, s.column_name) using p_org, p_version into n;
    total := total + n;
  end loop;
  select count(*) into n from blobs b where b.org_id = p_org and b.key_version = p_version;
  return total + n;
end
$$;
-- Files that a row knows, with the version they are sealed under.
create function guard_blobs_kept(p_ids uuid[]) returns table (id uuid, key_version bigint)
  language sql stable security definer set search_path = kartei, pg_temp
  as $$ select b.id, b.key_version from blobs b where b.id = any (p_ids) $$;
do $$
declare
  f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p where p.pronamespace = 'kartei'::regnamespace
      and (p.proname like 'guard\_reseal%' or p.proname = 'guard_blobs_kept') loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to kartei_app', f);
  end loop;
end
$$;
set local role kartei_owner;
drop function guard_blobs_known(uuid[]);
revoke create on schema kartei from kartei_guard;
