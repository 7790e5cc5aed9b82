-- What was not handed over yet is left.
update batch_items set state = case when state = 'open' then 'left' else state end, problem = $4
where org_id = $1 and batch_id = $2 and contact_id = $3;
