insert into drills (id, kind, passed, program, detail) values ($1, $2, $3, $4, $5);
