select c.id, contact_lane(c.id), d.postponed_until::text, d.assignee_id
from contacts c left join contact_desk d on d.org_id = $1 and d.contact_id = c.id where c.org_id = $1 and c.id = $2;
