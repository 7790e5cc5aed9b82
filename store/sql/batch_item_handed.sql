update batch_items set state = 'handed', write_back_id = $4 where org_id = $1 and batch_id = $2 and contact_id = $3 and state = 'open' returning contact_id;
