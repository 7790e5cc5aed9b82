insert into cards (org_id, scan_id, n, id, quad, image_id, width, height, contact_id, reading, back_image_id, back_width, back_height, thumb)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);
