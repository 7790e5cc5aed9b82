-- A small picture of a card, for the rows of lists: a phone at a fair does not load forty whole ones.
alter table cards add column thumb bytea;

grant create on schema kartei to kartei_guard;
grant update (thumb) on cards to kartei_guard;
set local role kartei_guard;
-- As before (0044), with the small picture.
create or replace function guard_purge(p_org uuid, p_age_ms bigint, p_contacts uuid[], p_scans uuid[], p_records uuid[], p_limit int)
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
  v_blobs := array(select unnest(array[s.blob_id, s.back_blob_id]) from scans s where s.org_id = v_org and s.id = any (v_scans)
    union select unnest(array[d.image_id, d.back_image_id]) from cards d where d.org_id = v_org
      and (d.scan_id = any (v_scans) or d.contact_id = any (v_contacts)));
  v_blobs := array_remove(v_blobs, null);
  delete from jobs j where j.org_id = v_org and j.subject_id = any (v_contacts || v_scans);
  update write_backs w set undo_of = null where w.org_id = v_org and w.undo_of is not null
    and (w.contact_id = any (v_contacts) or w.record_id = any (v_records));
  update write_backs w set undo_of = null from write_backs o where w.org_id = v_org and o.org_id = v_org and o.id = w.undo_of
    and o.record_id = any (v_records);
  delete from write_backs w where w.org_id = v_org and (w.contact_id = any (v_contacts) or w.record_id = any (v_records));
  update cards d set contact_id = null, reading = null, thumb = null, image_id = null, back_image_id = null
  where d.org_id = v_org and d.contact_id = any (v_contacts);
  delete from contacts c where c.org_id = v_org and c.id = any (v_contacts);
  update contacts c set scan_id = null where c.org_id = v_org and c.scan_id = any (v_scans);
  delete from scans s where s.org_id = v_org and s.id = any (v_scans);
  delete from records r where r.org_id = v_org and r.id = any (v_records);
  update blobs b set unused_at = now()
  where b.org_id = v_org and b.unused_at is null and b.created_at < now() - interval '1 hour' and b.id <> all (v_blobs)
    and not exists (select from scans u where u.org_id = v_org and u.blob_id = b.id)
    and not exists (select from scans u where u.org_id = v_org and u.back_blob_id = b.id)
    and not exists (select from cards u where u.org_id = v_org and u.image_id = b.id)
    and not exists (select from cards u where u.org_id = v_org and u.back_image_id = b.id);
  return query select 'contact', unnest(v_contacts), 0::bigint;
  return query select 'scan', unnest(v_scans), 0::bigint;
  return query select 'record', unnest(v_records), 0::bigint;
  return query
    with gone as (
      delete from blobs b where b.org_id = v_org and (b.id = any (v_blobs) or b.unused_at < v_before)
        and not exists (select from scans u where u.org_id = v_org and u.blob_id = b.id)
        and not exists (select from scans u where u.org_id = v_org and u.back_blob_id = b.id)
        and not exists (select from cards u where u.org_id = v_org and u.image_id = b.id)
        and not exists (select from cards u where u.org_id = v_org and u.back_image_id = b.id)
      returning b.id, b.key_version)
    select 'blob', g.id, g.key_version from gone g;
end
$$;
set local role kartei_owner;
revoke create on schema kartei from kartei_guard;
