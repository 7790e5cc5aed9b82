select c.id, c.list_id, c.owner_id, c.scan_id, c.card, c.state, c.version, c.created_at, c.updated_at, c.deleted_at, c.contact, c.reading,
  c.mailbox_id, c.suggested_at, f.id, f.name, f.tag, f.legal_basis, c.checked_at,
  exists (select from cards d where d.org_id = $1 and d.contact_id = c.id and d.back_image_id is not null)
from contacts c left join fairs f on f.org_id = $1 and f.id = c.fair_id
where c.org_id = $1 and c.id = $2;
