-- What people ask about their own data (GDPR, articles 15 and 17): who asked for what, until when it is due, what was done. What they
-- were looked for by goes with an erasure; what stays says no name.
create table subject_requests (
  org_id uuid not null,
  id uuid not null,
  number bigint not null,
  kind text not null check (kind in ('access', 'erasure')),
  subject bytea, -- name, e-mail, telephone
  reference bytea,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  due_at timestamptz not null default now() + interval '1 month',
  done_at timestamptz,
  done_by uuid,
  certificate bytea,
  primary key (org_id, id),
  unique (org_id, number),
  check ((done_at is null) = (done_by is null)),
  check (kind = 'access' or (done_at is null) = (subject is not null)),
  check ((certificate is null) or (kind = 'erasure' and done_at is not null)),
  foreign key (org_id, user_id) references users (org_id, id),
  foreign key (org_id, done_by) references users (org_id, id)
);
create index subject_requests_user on subject_requests (org_id, user_id);
create index subject_requests_done_by on subject_requests (org_id, done_by) where done_by is not null;
call protect('subject_requests', 'select, insert, update');
call sealed('subject_requests', '{subject,reference,certificate}');
call allow('subject_request', '{list,create,read,answer,erase}', '{admin}', 'any');

-- Records of the CRMs go with a person, too, and when they have been gone from the CRM for as long as the bin keeps.
create index records_binned on records (org_id, deleted_at) where deleted_at is not null;
grant create on schema kartei to kartei_guard;
grant select, delete on records to kartei_guard;
set local role kartei_guard;
drop function guard_purge(uuid, bigint, uuid[], uuid[], int);
-- Removes those contacts, scans and records, or, when all are null, what has been in the bin, or deleted in its CRM, for longer than
-- p_age_ms; at most p_limit of each. A photo goes with the last of its contacts; of a photo with several cards the card goes, and the photo stays
-- for the others, unless it is named. Files that nobody refers to any more are kept as long as the bin keeps. Gives what went: kind, id,
-- and for a file the version it is sealed under. Match keys are the caller's.
create function guard_purge(p_org uuid, p_age_ms bigint, p_contacts uuid[], p_scans uuid[], p_records uuid[], p_limit int)
  returns table (kind text, id uuid, key_version bigint)
  language plpgsql security definer set search_path = kartei, pg_temp
  as $$
declare
  v_org constant uuid := app_org();
  v_before constant timestamptz := now() - p_age_ms * interval '1 millisecond';
  v_age constant boolean := p_contacts is null and p_scans is null and p_records is null;
  v_contacts uuid[];
  v_scans uuid[];
  v_records uuid[];
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
  v_records := array(select r.id from records r where r.org_id = v_org
    and (r.id = any (p_records) or (v_age and r.deleted_at < v_before)) limit p_limit for update skip locked);
  v_blobs := array(select s.blob_id from scans s where s.org_id = v_org and s.id = any (v_scans)
    union select d.image_id from cards d where d.org_id = v_org and d.image_id is not null
      and (d.scan_id = any (v_scans) or d.contact_id = any (v_contacts)));
  delete from jobs j where j.org_id = v_org and j.subject_id = any (v_contacts || v_scans);
  update write_backs w set undo_of = null where w.org_id = v_org and w.undo_of is not null
    and (w.contact_id = any (v_contacts) or w.record_id = any (v_records));
  update write_backs w set undo_of = null from write_backs o where w.org_id = v_org and o.org_id = v_org and o.id = w.undo_of
    and o.record_id = any (v_records);
  delete from write_backs w where w.org_id = v_org and (w.contact_id = any (v_contacts) or w.record_id = any (v_records));
  update cards d set contact_id = null, reading = null, image_id = null where d.org_id = v_org and d.contact_id = any (v_contacts);
  delete from contacts c where c.org_id = v_org and c.id = any (v_contacts);
  update contacts c set scan_id = null where c.org_id = v_org and c.scan_id = any (v_scans);
  delete from scans s where s.org_id = v_org and s.id = any (v_scans);
  delete from records r where r.org_id = v_org and r.id = any (v_records);
  update blobs b set unused_at = now()
  where b.org_id = v_org and b.unused_at is null and b.created_at < now() - interval '1 hour' and b.id <> all (v_blobs)
    and not exists (select from scans s where s.org_id = v_org and s.blob_id = b.id)
    and not exists (select from cards d where d.org_id = v_org and d.image_id = b.id);
  return query select 'contact', unnest(v_contacts), 0::bigint;
  return query select 'scan', unnest(v_scans), 0::bigint;
  return query select 'record', unnest(v_records), 0::bigint;
  return query
    with gone as (
      delete from blobs b where b.org_id = v_org and (b.id = any (v_blobs) or b.unused_at < v_before)
        and not exists (select from scans s where s.org_id = v_org and s.blob_id = b.id)
        and not exists (select from cards d where d.org_id = v_org and d.image_id = b.id)
      returning b.id, b.key_version)
    select 'blob', g.id, g.key_version from gone g;
end
$$;
revoke all on function guard_purge from public;
grant execute on function guard_purge to kartei_app;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
