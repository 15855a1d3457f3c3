"""A hundred thousand invented cases, straight into the tables: for how reads find them."""

CASES = 100_000
SEED = """
INSERT INTO read.units (id, parent, name, abbr, kind)
SELECT md5('u' || n)::uuid, CASE WHEN n = 0 THEN NULL WHEN n <= 6 THEN md5('u0')::uuid
  ELSE md5('u' || 1 + n % 6)::uuid END, '单位' || n, '单位', '镇' FROM generate_series(0, 75) n;
INSERT INTO read.people (person, account, unit)
SELECT md5('p' || n)::uuid, 'officer' || n, md5('u' || n % 76)::uuid FROM generate_series(0, 399) n;
INSERT INTO read.grants (person, role, unit)
SELECT md5('p' || n)::uuid, r, md5('u' || n % 76)::uuid
FROM generate_series(0, 399) n, unnest(ARRAY['inspector', 'approver', 'supervisor']) r;
INSERT INTO read.enterprises (id, uscc, name, unit)
SELECT md5('e' || n)::uuid, 'U' || n, '企业' || n, md5('u' || n % 76)::uuid
FROM generate_series(1, 20000) n;
INSERT INTO read.cases (id, kind, unit, enterprise, number, step, stage, ended, handlers,
  content, next_due, initiator, opened_at, opened_seq, version, seq)
SELECT md5('c' || n)::uuid, 'inspection', md5('u' || n % 76)::uuid, md5('e' || 1 + n % 20000)::uuid,
  '编号' || n, 1 + n % 8, (1 + n % 8)::text, n / 400 % 10 > 0,
  ARRAY['officer' || n % 400, 'officer' || (n + 76) % 400],
  '{{"steps": [], "papers": [], "hazards": [], "hazard_count": 2}}',
  date '2026-01-01' + n / 10 % 300,
  'officer' || n % 400, now(), n * 10, 30, n * 10 + 9
FROM generate_series(1, {cases}) n;
INSERT INTO read.todos (case_id, no, account, role, unit, duty, about, given,
  command, due, rank, barred)
SELECT c.id, k, CASE k WHEN 2 THEN '' ELSE c.handlers[k + 1] END,
  CASE k WHEN 2 THEN 'approver' ELSE 'inspector' END, c.unit, 'recheck', ARRAY['H1'], '{{}}',
  'recheck', c.next_due, c.next_due, c.handlers
FROM read.cases c, generate_series(0, 2) k WHERE NOT c.ended OR c.opened_seq % 30 = 0;
INSERT INTO read.timeline (seq, stream, root, kind, unit, version, topic, shape, data, names)
SELECT c.opened_seq + k, c.id, c.id, c.kind, c.unit, k + 1, 'inspection/step-entered', 1,
  '{{"step": 1}}', '{{}}'
FROM read.cases c, generate_series(0, 4) k;
INSERT INTO read.deadlines (case_id, deadline, kind, unit, handlers, rule, subject, number, name,
  due, active, history)
SELECT c.id, 'FIX-DUE/H' || k, c.kind, c.unit, c.handlers, 'FIX-DUE', 'H' || k, 0, 'H' || k,
  c.next_due,
  NOT c.ended OR c.opened_seq % 30 = 0, '[]' FROM read.cases c, generate_series(1, 2) k;
INSERT INTO read.notices (id, seq, case_id, unit, rule, rung, action, subjects)
SELECT c.id, c.seq, c.id, c.unit, 'FIX-DUE', 'due', 'expire',
  '[{{"subject": "H1", "number": 1, "name": "H1"}}]' FROM read.cases c;
INSERT INTO read.notice_addresses (address, notice, seq, unit, case_id)
SELECT 'handler:' || o, c.id, c.seq, c.unit, c.id FROM read.cases c, unnest(c.handlers) o
UNION ALL SELECT 'supervisor:' || c.unit, c.id, c.seq, c.unit, c.id FROM read.cases c;
INSERT INTO read.month_contributions
  (seq, indicator, month, unit, amount, on_day, at, case_id, enterprise)
SELECT c.seq, i, date '2026-01-01' + make_interval(months => (c.opened_seq / 760 % 25)::int),
  c.unit, 1,
  c.next_due, c.opened_at, c.id, c.enterprise
FROM read.cases c, unnest(ARRAY['visits', 'hazards-general', 'document/RECORD']) i;
ANALYZE;
"""
