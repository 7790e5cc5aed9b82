#!/usr/bin/python3
"""index_run.py BUILD --people N [--batch N] [--queries N] [--trigrams N] [--hold]

The match index at size on a PostgreSQL of its own that keeps every commit (fsync on): fills, tends and asks by index_bench, while nobody
writes and while 200 records a second are written; bytes a record; and beside it, in the same run, an index of trigrams (pg_trgm, GIN) over
name and company. By hand: ten million people take some 40 GB and an hour.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "lib"), str(HERE.parent / "db")]
import pg as private  # noqa: E402
from run_store import environment, place  # noqa: E402

SETTINGS = {"fsync": "on", "shared_buffers": "5GB", "max_wal_size": "16GB", "checkpoint_timeout": "15min", "wal_compression": "lz4",
            "maintenance_work_mem": "1GB", "work_mem": "64MB", "effective_cache_size": "14GB", "autovacuum_naptime": "20s"}
SIZES = """select p.relname, sum(pg_table_size(c.oid)), sum(pg_indexes_size(c.oid)) from pg_class c
  left join pg_inherits i on i.inhrelid = c.oid join pg_class p on p.oid = coalesce(i.inhparent, c.oid)
  where c.relkind = 'r' and p.relname in ('match_subjects', 'match_fresh', 'match_runs', 'match_pages', 'records') group by 1 order by 1"""


class Bench:
    def __init__(self, pg, build, folder):
        self.pg, self.db, self.tool = pg, pg.database(), build / "tests/bench/index_bench"
        self.environ = {**environment(pg, self.db, folder), "KARTEI_WORDS": str(HERE.parents[1] / "tools/generate/words")}
        self.org = self.said("new").split()

    def start(self, verb, *words):
        place = [] if verb in ("new", "names", "slips") else self.org
        return subprocess.Popen([self.tool, verb, *place, *map(str, words)], env=self.environ, stdout=subprocess.PIPE, text=True)

    def said(self, verb, *words):
        run = self.start(verb, *words)
        out = run.communicate()[0]
        if run.returncode:
            raise SystemExit(f"index_bench {verb}: {run.returncode}")
        return out.strip()

    def say(self, verb, *words):
        print(self.said(verb, *words), flush=True)

    def sizes(self, people):
        for name, heap, index in self.pg.psql(SIZES, self.db):
            print(f"size {name}: {int(heap) / people:.0f} + {int(index) / people:.0f} bytes a record", flush=True)
        runs = self.pg.psql("select kind, count(*), sum(size) from kartei.match_runs group by 1 order by 1", self.db)
        print("runs", runs, flush=True)

    def ask(self, people, queries):
        for known in ("full", "card", "name"):
            self.say("ask", people, queries, known)


def cpu(pid):
    """CPU seconds of a server and all its children, those that ended too."""
    def of(stat):
        return sum(map(int, stat.rsplit(")", 1)[1].split()[11:15]))
    total = of(pathlib.Path(f"/proc/{pid}/stat").read_text())
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            stat = path.read_text()
        except OSError:
            continue
        if int(stat.rsplit(")", 1)[1].split()[1]) == pid:
            total += of(stat)
    return total / os.sysconf("SC_CLK_TCK")


def trigrams(bench, people, queries):
    """What a trigram index takes for the same slipped names: the least of three runs each, 20 nearest."""
    bench.pg.psql("create extension if not exists pg_trgm; create table people (n bigint, name text)", bench.db)
    names = bench.start("names", people, 0, people)
    subprocess.run([private.BIN / "psql", "-qX", "-h", bench.pg.folder, "-U", "super", "-d", bench.db, "-c", "copy people from stdin"],
                   stdin=names.stdout, check=True)
    names.wait()
    began = time.monotonic()
    bench.pg.psql("create index on people using gin (name gin_trgm_ops); analyze people", bench.db)
    print(f"trigrams: built in {time.monotonic() - began:.0f} s, "
          f"{int(bench.pg.psql('select pg_indexes_size(' + chr(39) + 'people' + chr(39) + ')', bench.db)[0][0]) / people:.0f} bytes a record")
    took, hits = [], 0
    for line in bench.said("slips", people, queries).splitlines():
        wanted, name = line.split("\t")
        name = name.replace("'", "''")
        sql = (f"set pg_trgm.similarity_threshold = 0.4; prepare q as select n from people where name % '{name}' "
               f"order by similarity(name, '{name}') desc limit 20; ")
        rows = bench.pg.psql(sql + "execute q; " + "explain (analyze, summary on) execute q; " * 3, bench.db)
        hits += [wanted] in rows
        took.append(min(float(r[0].split(":")[1].split()[0]) for r in rows if r[0].startswith("Execution Time")))
    took.sort()
    print(f"trigrams, {people} records: recall@20 {hits / len(took):.3f}, p50 {statistics.median(took):.0f} ms, "
          f"p99 {took[len(took) * 99 // 100]:.0f} ms", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--queries", type=int, default=1000)
    parser.add_argument("--trigrams", type=int, default=0)
    args = parser.parse_args()
    os.environ["KARTEI_BUILD"] = str(args.build.resolve())
    private.SETTINGS.update(SETTINGS)
    with private.Postgres() as pg, tempfile.TemporaryDirectory() as folder:
        bench = Bench(pg, args.build.resolve(), place(folder))
        before, began = cpu(pg.server.pid), time.monotonic()
        tending = bench.start("tend", 10 ** 6)
        bench.say("fill", args.people, 0, args.people, args.batch)
        tending.terminate()
        tending.wait()
        print(f"PostgreSQL and tending so far: {cpu(pg.server.pid) - before:.0f} CPU s, {time.monotonic() - began:.0f} s", flush=True)
        bench.say("tend", 0)
        bench.sizes(args.people)
        bench.pg.psql("vacuum analyze; checkpoint", bench.db)
        bench.ask(args.people, args.queries)
        print("while 200 records a second are written, changed and tended:", flush=True)
        writing, tending = bench.start("write", args.people, args.people, 60, 200), bench.start("tend", 60)
        bench.say("ask", args.people, args.queries, "full")
        print(writing.communicate()[0].strip(), flush=True)
        tending.wait()
        bench.say("fill", args.people, 0, min(50000, args.people // 10), args.batch)
        bench.sizes(args.people)
        if args.trigrams:
            trigrams(bench, args.trigrams, args.queries // 5)


if __name__ == "__main__":
    main()
