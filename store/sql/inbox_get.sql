select c.id, inbox_lane(d.postponed_until, b.decided, b.moved, b.band), d.postponed_until::text, d.assignee_id
from contacts c left join contact_desk d on d.org_id = $1 and d.contact_id = c.id left join contact_best(c.id) b on true
where c.org_id = $1 and c.id = $2;
