select i.contact_id, i.write_back_id from batch_items i join write_backs w on w.org_id = $1 and w.id = i.write_back_id and w.state = 'written'
where i.org_id = $1 and i.batch_id = $2 and i.problem is null order by i.contact_id limit $3::int;
