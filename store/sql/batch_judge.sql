update batch_items set judged = $4 where org_id = $1 and batch_id = $2 and contact_id = $3 and sampled returning contact_id;
