-- What has lain in the bin for 30 days goes for good, with all that hangs on it; and an organisation is erased by destroying its keys.

alter table orgs add column erased_at timestamptz;
alter table blobs add column unused_at timestamptz; -- since when no scan and no card refers to it
create index contacts_binned on contacts (org_id, deleted_at) where deleted_at is not null;
create index scans_binned on scans (org_id, deleted_at) where deleted_at is not null;
create index blobs_unused on blobs (org_id, unused_at) where unused_at is not null;

grant create on schema kartei to kartei_guard;
grant select, delete on contacts, scans, cards, blobs, write_backs, jobs to kartei_guard;
grant update (scan_id) on contacts to kartei_guard;
grant update (contact_id, image_id) on cards to kartei_guard;
grant update (undo_of) on write_backs to kartei_guard;
grant update (unused_at) on blobs to kartei_guard;
grant select, update (wrapped_index_key, erased_at) on orgs to kartei_guard;
grant select, update (wrapped_key) on org_keys to kartei_guard;
grant select, delete on sessions, login_links to kartei_guard;
grant update (ended_at) on api_tokens to kartei_guard;
grant update (state) on users to kartei_guard;
create policy guard on org_keys to kartei_guard using (org_id = app_org());
set local role kartei_guard;

-- Removes those contacts and scans, or, when both are null, what has been in the bin for longer than p_age_ms; at most p_limit of each.
-- A photo goes with the last of its contacts; of a photo with several cards the card goes, and the photo stays for the others.
-- Files that nobody refers to any more are kept as long as the bin keeps. Gives what went: kind, id, and for a file the version it is
-- sealed under. Match keys are the caller's.
create function guard_purge(p_org uuid, p_age_ms bigint, p_contacts uuid[], p_scans uuid[], p_limit int)
  returns table (kind text, id uuid, key_version bigint)
  language plpgsql security definer set search_path = kartei, pg_temp
  as $$
declare
  v_org constant uuid := app_org();
  v_before constant timestamptz := now() - p_age_ms * interval '1 millisecond';
  v_age constant boolean := p_contacts is null and p_scans is null;
  v_contacts uuid[];
  v_scans uuid[];
  v_blobs uuid[];
begin
  if p_org is distinct from v_org then
    return;
  end if;
  v_contacts := array(select c.id from contacts c where c.org_id = v_org
    and (c.id = any (p_contacts) or (v_age and c.deleted_at < v_before)) order by c.deleted_at limit p_limit for update skip locked);
  v_scans := array(select s.id from scans s where s.org_id = v_org
    and (s.id = any (p_scans) or (v_age and s.deleted_at < v_before)
      or (exists (select from cards d where d.org_id = v_org and d.scan_id = s.id and d.contact_id = any (v_contacts))
        and not exists (select from cards d where d.org_id = v_org and d.scan_id = s.id and d.contact_id <> all (v_contacts))))
    order by s.deleted_at limit p_limit for update skip locked);
  v_blobs := array(select s.blob_id from scans s where s.org_id = v_org and s.id = any (v_scans)
    union select d.image_id from cards d where d.org_id = v_org and d.image_id is not null
      and (d.scan_id = any (v_scans) or d.contact_id = any (v_contacts)));
  delete from jobs j where j.org_id = v_org and j.subject_id = any (v_contacts || v_scans);
  update write_backs w set undo_of = null where w.org_id = v_org and w.contact_id = any (v_contacts) and w.undo_of is not null;
  delete from write_backs w where w.org_id = v_org and w.contact_id = any (v_contacts);
  update cards d set contact_id = null, reading = null, image_id = null where d.org_id = v_org and d.contact_id = any (v_contacts);
  delete from contacts c where c.org_id = v_org and c.id = any (v_contacts);
  update contacts c set scan_id = null where c.org_id = v_org and c.scan_id = any (v_scans);
  delete from scans s where s.org_id = v_org and s.id = any (v_scans);
  update blobs b set unused_at = now()
  where b.org_id = v_org and b.unused_at is null and b.created_at < now() - interval '1 hour' and b.id <> all (v_blobs)
    and not exists (select from scans s where s.org_id = v_org and s.blob_id = b.id)
    and not exists (select from cards d where d.org_id = v_org and d.image_id = b.id);
  return query select 'contact', unnest(v_contacts), 0::bigint;
  return query select 'scan', unnest(v_scans), 0::bigint;
  return query
    with gone as (
      delete from blobs b where b.org_id = v_org and (b.id = any (v_blobs) or b.unused_at < v_before)
        and not exists (select from scans s where s.org_id = v_org and s.blob_id = b.id)
        and not exists (select from cards d where d.org_id = v_org and d.image_id = b.id)
      returning b.id, b.key_version)
    select 'blob', g.id, g.key_version from gone g;
end
$$;

-- Without its keys nothing of an organisation can be read any more, in no copy of the database that is made from now on.
create function guard_org_erase(p_org uuid) returns boolean
  language plpgsql security definer set search_path = kartei, pg_temp
  as $$
begin
  if p_org is distinct from app_org() then
    return false;
  end if;
  update orgs set wrapped_index_key = '', erased_at = now() where org_id = p_org and erased_at is null;
  if not found then
    return false;
  end if;
  update org_keys set wrapped_key = '' where org_id = p_org;
  update users set state = 'suspended' where org_id = p_org;
  delete from sessions where org_id = p_org;
  delete from login_links where org_id = p_org;
  update api_tokens set ended_at = now() where org_id = p_org and ended_at is null;
  return true;
end
$$;
create or replace function guard_orgs() returns setof uuid
  language sql stable security definer set search_path = kartei, pg_temp
  as $$ select org_id from orgs where erased_at is null order by org_id $$;
revoke all on function guard_purge, guard_org_erase from public;
grant execute on function guard_purge, guard_org_erase to kartei_app;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
