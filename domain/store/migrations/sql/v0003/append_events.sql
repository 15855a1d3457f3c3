SET LOCAL ROLE bihuan_owner;

-- The one way into the log. Everything happens under the lock of the head's row, so that the order
-- of seq is the order of commits: a follower that has seen n never finds a smaller number later.
CREATE OR REPLACE FUNCTION log.append_events(
  command uuid, request bytea, answer bytea,
  streams uuid[], kinds text[], versions integer[], topics text[], states bytea[],
  occurred timestamptz[],
  OUT outcome text,               -- appended | repeated | reused | moved
  OUT first_seq bigint, OUT last_seq bigint, OUT last_hash bytea, OUT result bytea,
  OUT stream uuid, OUT expected integer, OUT actual integer
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  tip log.head;
  known log.commands;
  hashes bytea[] := '{}';
  header text;
  own text;
  genesis constant bytea := decode(repeat('00', 32), 'hex');
BEGIN
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);  -- an answer is a promise
  END IF;
  -- Writers queue at the advisory lock, which is fair: without it eight of them take the row in any
  -- order, and the unlucky wait five times as long. The row's lock is what holds.
  PERFORM pg_advisory_xact_lock(4707);
  SELECT * INTO STRICT tip FROM log.head FOR UPDATE;

  SELECT * INTO known FROM log.commands AS c WHERE c.command_id = command;
  IF FOUND THEN
    outcome := CASE WHEN known.request_hash = request THEN 'repeated' ELSE 'reused' END;
    first_seq := known.first_seq;
    last_seq := known.last_seq;
    result := known.result;
    SELECT e.hash INTO last_hash FROM log.events AS e WHERE e.seq = known.last_seq;
    last_hash := coalesce(last_hash, genesis);
    RETURN;
  END IF;

  outcome := 'appended';
  first_seq := tip.seq + 1;
  last_seq := tip.seq + cardinality(streams);
  last_hash := tip.hash;
  result := answer;
  tip.recorded_at := greatest(log.now(), tip.recorded_at);  -- never back, whatever the clock does

  FOR i IN 1 .. cardinality(streams) LOOP
    IF i > 1 AND streams[i] = streams[i - 1] THEN
      actual := actual + 1;
    ELSE
      SELECT coalesce(max(e.version), 0), max(e.kind) INTO actual, own FROM log.events AS e
      WHERE e.stream = streams[i];
      actual := actual + cardinality(array_positions(streams[:i - 1], streams[i]));
      own := coalesce(own, kinds[array_position(streams, streams[i])]);
    END IF;
    -- A stream is one thing for ever: whatever is written under another name is not its history.
    IF kinds[i] <> own THEN
      RAISE EXCEPTION 'stream % is a %, not a %', streams[i], own, kinds[i]
        USING ERRCODE = 'check_violation';
    END IF;
    IF versions[i] <> actual + 1 THEN
      outcome := 'moved';
      stream := streams[i];
      expected := versions[i] - 1;
      RETURN;
    END IF;

    -- The header of domain/store/chain.py, byte for byte.
    header := concat_ws(E'\n',
      tip.seq + i, streams[i], kinds[i], versions[i],
      (extract(epoch FROM occurred[i]) * 1000000)::bigint,
      (extract(epoch FROM tip.recorded_at) * 1000000)::bigint,
      coalesce(command::text, '-'), topics[i], '');
    last_hash := sha256(last_hash || convert_to(header, 'UTF8') || states[i]);
    hashes := hashes || last_hash;
  END LOOP;

  INSERT INTO log.events
    (seq, stream, kind, version, topic, state, occurred_at, recorded_at, command_id, hash)
  SELECT tip.seq + u.nth, u.stream, u.kind, u.version, u.topic, u.state, u.occurred,
         tip.recorded_at, command, u.hash
  FROM unnest(streams, kinds, versions, topics, states, occurred, hashes)
    WITH ORDINALITY AS u(stream, kind, version, topic, state, occurred, hash, nth);
  IF command IS NOT NULL THEN
    INSERT INTO log.commands (command_id, request_hash, first_seq, last_seq, result, recorded_at)
    VALUES (command, request, first_seq, last_seq, answer, tip.recorded_at);
  END IF;
  UPDATE log.head SET seq = last_seq, hash = last_hash, recorded_at = tip.recorded_at;
  PERFORM pg_notify('bihuan_log', last_seq::text);
END $$;

RESET ROLE;
