select n, id, quad, image_id, width, height, contact_id, reading, back_image_id, back_width, back_height
from cards where org_id = $1 and scan_id = $2 order by n;
