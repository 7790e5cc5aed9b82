-- What became of each: its own state until it is handed over, then that of its write-back.
select i.contact_id, i.contact_version, i.record_id, i.fields, i.sampled, i.judged, coalesce(w.state, i.state), coalesce(i.problem, w.problem),
  i.write_back_id
from batch_items i left join write_backs w on w.org_id = $1 and w.id = i.write_back_id
where i.org_id = $1 and i.batch_id = $2 and (i.sampled or not $3::boolean) and ($4::text is null or coalesce(w.state, i.state) = $4)
  and ($5::uuid is null or i.contact_id < $5)
order by i.contact_id desc limit $6::int;
