update batch_items set state = 'left' where org_id = $1 and batch_id = $2 and state = 'open';
