select f.field, count(*) from batch_items i cross join lateral unnest(string_to_array(i.fields, ',')) as f (field)
where i.org_id = $1 and i.batch_id = $2 group by f.field order by count(*) desc, f.field;
