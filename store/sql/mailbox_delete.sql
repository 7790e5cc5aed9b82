delete from connections where org_id = $1 and id in (
  select m.id from mailboxes m where m.org_id = $1 and m.id = $2 and m.version = $3);
