insert into contact_versions (org_id, contact_id, version, contact, saved_by)
select org_id, id, version, contact, $4 from contacts
where org_id = $1 and id = $2 and version = $3 and deleted_at is null for update;
