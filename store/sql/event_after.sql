-- With who may see it: NULL sees all, a person what hangs on lists it reaches, its own jobs and mailboxes, and what is everyone's.
select e.id, e.type, e.subject_id, e.state, $3::uuid is null or case e.type
  when 'contact' then exists (select from contacts c
    where c.org_id = $1 and c.id = e.subject_id and c.list_id = any (array(select lists_reached($3))))
  when 'scan' then exists (select from scans s
    where s.org_id = $1 and s.id = e.subject_id and s.list_id = any (array(select lists_reached($3))))
  when 'candidate' then exists (select from candidates d join contacts c on c.org_id = d.org_id and c.id = d.contact_id
    where d.org_id = $1 and d.id = e.subject_id and c.list_id = any (array(select lists_reached($3))))
  when 'write_back' then exists (select from write_backs w join contacts c on c.org_id = w.org_id and c.id = w.contact_id
    where w.org_id = $1 and w.id = e.subject_id and c.list_id = any (array(select lists_reached($3))))
  when 'job' then exists (select from jobs j where j.org_id = $1 and j.id = e.subject_id and j.user_id = $3)
  when 'batch' then exists (select from batches b where b.org_id = $1 and b.id = e.subject_id and b.user_id = $3)
  when 'mailbox' then exists (select from mailboxes m where m.org_id = $1 and m.id = e.subject_id and m.owner_id = $3)
  when 'connection' then not exists (select from mailboxes m where m.org_id = $1 and m.id = e.subject_id and m.owner_id <> $3)
  else e.type = 'matching_rule' end
from events e where e.org_id = $1 and e.id > $2 order by e.id limit 500;
