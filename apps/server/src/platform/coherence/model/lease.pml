/* The protocol by which verified keys are kept in memory and a revocation still holds everywhere, once it was
   acknowledged. Rules R1 to R7 are those at the top of the code beside this folder. One key, one writer that revokes
   it, SERVERS processes that accept it, and PostgreSQL between them: a row for each process, and a queue of
   notifications for each LISTEN connection, in order.

   What is claimed, whatever is slow, cut, killed or started again, FAULTS times:
     - no request is answered from memory that the key is good, once its revocation was acknowledged;
     - no request that began after that acknowledgement is answered so by a row that was read.

   `pnpm test:model` searches it with spin, as it is and once for each planted fault: a macro R<n>_… below breaks rule n,
   and the search has to find out. Time is a number that moves at any moment and never past LAST; a process may stand
   still for any part of it, between any two of its steps. */

#ifndef SERVERS
#define SERVERS 1
#endif
#ifndef LEASE
#define LEASE 2
#endif
#ifndef LAST
#define LAST 6
#endif
#ifndef FAULTS
#define FAULTS 2
#endif
#ifndef ROUNDS
#define ROUNDS 1
#endif

#define QUEUE 6

mtype = { INVALIDATE, BARRIER, RENEWED };

/* PostgreSQL. */
chan queue[SERVERS] = [QUEUE] of { mtype, byte };
bool listening[SERVERS];      /* its session gets what is notified from now on */
byte renewals[SERVERS];       /* its row in server_process; 0: no row */
byte acknowledged[SERVERS];   /* in that row: the last barrier it answered */
bool isRevoked;

/* In the memory of each process. */
bool connected[SERVERS];      /* as far as it knows */
bool cached[SERVERS];         /* "the key is good" */
byte leaseEnd[SERVERS];

/* The world. */
byte now = 1;
byte faults = FAULTS;
bool isAcknowledged;          /* somebody was told that the key is revoked */

/* Which renewal it was matters only to a barrier that may delete a row; else there is a row or there is none. */
#ifdef DELETER
#ifndef RENEWALS
#define RENEWALS 5
#endif
byte counted[SERVERS];
#define mayRenew (counted[me] < RENEWALS)
#define renewRow counted[me]++; renewals[me] = counted[me]
#else
#define mayRenew true
#define renewRow renewals[me] = 1
#endif

#define hasLease (connected[me] && now < leaseEnd[me])

/* A notification to whoever listens. The search would go astray if a queue were full. */
inline send(to, kind, value) {
  if
  :: listening[to] -> assert(nfull(queue[to])); queue[to]!kind,value
  :: else
  fi
}

inline sendAll(kind, value) {
  k = 0;
  do
  :: k < SERVERS -> send(k, kind, value); k++
  :: else -> break
  od;
  k = 0
}

inline drain(which) {
  do
  :: queue[which]?_,_
  :: empty(queue[which]) -> break
  od
}

/* R3: nothing of a lease outlives the session in which it was asked for. */
inline endLease() {
  leaseEnd[me] = 0; beat = 0; askedAt = 0
}

/* One process that accepts the key. */
proctype Server(byte me) {
  byte beat;                  /* 0 nothing under way, 1 about to renew, 2 waiting for the own notification */
  byte askedAt;               /* the moment before the renewal was sent */
  byte barrier;
  byte lookup;                /* 0 none, 1 sent, 2 the row came back */
  bool isGood;                /* what the row says */
  bool hasChanged;            /* an invalidation came since the look-up was sent */
  bool hasReconnected;        /* the LISTEN session is another one since then */
  bool askedAfter;            /* a request waits for this look-up that began after the acknowledgement */
#ifdef R1_OLD_SNAPSHOT
  bool hasSnapshot; bool snapshot;
#endif
#ifdef R3_CHECKED_EARLIER
  bool hasChecked;
#endif
#ifdef R7_POOLER_UNNOTICED
  bool isPooled;
#endif

  do

  /* R6: a new LISTEN session starts with an empty cache, and with another epoch. */
  :: atomic { !connected[me] ->
       drain(me); listening[me] = true; connected[me] = true; endLease(); hasReconnected = (lookup > 0);
#ifndef R6_CACHE_KEPT
       cached[me] = false;
#endif
     }
#ifdef R7_POOLER_UNNOTICED
  /* R7: behind a pooler LISTEN stays at another session, and yet the own notifications come back. Not comparing
     the sessions' process ids, this one takes itself for connected. (Comparing, it does not: there is no such step.) */
  :: atomic { !connected[me] && faults > 0 ->
       faults--; drain(me); isPooled = true; connected[me] = true; endLease(); hasReconnected = (lookup > 0); cached[me] = false
     }
#endif

  /* The connection is cut at PostgreSQL; the process notices at some time. */
  :: atomic { listening[me] && faults > 0 -> listening[me] = false; faults-- }
  :: atomic { connected[me] && !listening[me] ->
       connected[me] = false; endLease(); drain(me); hasReconnected = (lookup > 0);
#ifdef R7_POOLER_UNNOTICED
       isPooled = false
#endif
     }

  /* A crash: another process takes its place, with a row of its own. */
  :: atomic { faults > 0 ->
       faults--; listening[me] = false; connected[me] = false; cached[me] = false; endLease(); renewals[me] = 0; drain(me);
       lookup = 0; isGood = false; hasChanged = false; hasReconnected = false; askedAfter = false;
#ifdef R1_OLD_SNAPSHOT
       hasSnapshot = false; snapshot = false;
#endif
#ifdef R3_CHECKED_EARLIER
       hasChecked = false;
#endif
#ifdef R7_POOLER_UNNOTICED
       isPooled = false
#endif
     }

  /* R3: a renewal. The clock is read before the transaction is sent; row and notification commit together. */
  :: atomic { connected[me] && beat == 0 && now < LAST && mayRenew -> askedAt = now; beat = 1 }
#ifdef R3_NOTIFIED_BEFORE_ROW
  :: atomic { beat == 1 -> beat = 2; send(me, RENEWED, 0) }
  :: atomic { beat == 3 -> renewRow; leaseEnd[me] = askedAt + LEASE; beat = 0; askedAt = 0 }
#else
  :: atomic { beat == 1 -> beat = 2; renewRow;
#ifdef R7_POOLER_UNNOTICED
       if
       :: isPooled -> assert(nfull(queue[me])); queue[me]!RENEWED,0
       :: else -> send(me, RENEWED, 0)
       fi;
#else
       send(me, RENEWED, 0);
#endif
#ifdef R3_NO_ECHO
       leaseEnd[me] = askedAt + LEASE
#endif
     }
#endif

  /* The LISTEN connection, one notification after the other. */
  :: atomic { connected[me] && nempty(queue[me]) ->
       if
       :: queue[me]?INVALIDATE,_ -> cached[me] = false; hasChanged = (lookup > 0)              /* R2 */
       :: queue[me]?BARRIER,barrier -> acknowledged[me] = barrier; barrier = 0         /* R4 */
       :: queue[me]?RENEWED,_ ->
          if
          :: beat == 2 ->
#ifdef R3_NOTIFIED_BEFORE_ROW
             beat = 3
#else
#ifdef R3_COUNTED_FROM_ECHO
             leaseEnd[me] = now + LEASE;
#else
             leaseEnd[me] = askedAt + LEASE;
#endif
             beat = 0; askedAt = 0
#endif
          :: else
          fi
       fi }

  /* A request answered from memory: the lease is looked at in the moment of use. */
#ifdef R3_CHECKED_EARLIER
  :: atomic { hasLease && !hasChecked -> hasChecked = true }
  :: atomic { hasChecked && cached[me] -> hasChecked = false; assert(!isAcknowledged) }
#else
  :: atomic { cached[me] && hasLease -> assert(!isAcknowledged) }
#endif

  /* A request that asks the database: begun, read, and used only if nothing moved meanwhile (R6). */
  :: atomic { lookup == 0 -> lookup = 1; hasChanged = false; hasReconnected = false; askedAfter = isAcknowledged }
#ifdef R6_JOINED_WITHOUT_LEASE
  :: atomic { lookup != 0 && isAcknowledged && !askedAfter -> askedAfter = true }
#else
  :: atomic { lookup != 0 && hasLease && isAcknowledged && !askedAfter -> askedAfter = true }
#endif
#ifdef R1_OLD_SNAPSHOT
  :: atomic { !hasSnapshot -> hasSnapshot = true; snapshot = !isRevoked }
  :: atomic { lookup == 1 && hasSnapshot -> lookup = 2; isGood = snapshot; hasSnapshot = false; snapshot = false }
#else
  :: atomic { lookup == 1 -> lookup = 2; isGood = !isRevoked }                         /* R1 */
#endif
  :: atomic { lookup == 2 ->
       lookup = 0;
       if
#ifndef R6_NO_COUNTER
       :: hasChanged                                                                   /* read again */
#endif
#ifndef R6_NO_EPOCH
       :: hasReconnected
#endif
       :: else ->
          if
          :: isGood -> assert(!askedAfter); cached[me] = connected[me]
          :: else
          fi
       fi;
       isGood = false; hasChanged = false; hasReconnected = false; askedAfter = false
     }
  od
}

byte known[SERVERS];          /* the rows that the barrier waits for */
byte readAt;                  /* by the waiter's own clock */

inline readRows() {
  k = 0;
  do
  :: k < SERVERS -> known[k] = renewals[k]; k++
  :: else -> break
  od;
  k = 0; readAt = now
}

#ifdef R4_WAITS_LESS
#define leaseIsOver (now >= readAt + LEASE - 1)
#else
#define leaseIsOver (now >= readAt + LEASE)
#endif

/* Revokes, and says so when the barrier is through. It may die in between: then the client asks again, elsewhere. */
proctype Writer() {
  byte k, number, round;
  do
  :: round < ROUNDS ->
#ifdef R4_ROWS_READ_BEFORE_COMMIT
     atomic { readRows() }
#endif
#ifdef R2_NOTIFIED_BEFORE_COMMIT
     atomic { sendAll(INVALIDATE, 0); number++ }
     isRevoked = true;
#else
     atomic {
       isRevoked = true; number++;
#ifndef R2_NO_NOTIFICATION
       sendAll(INVALIDATE, 0)
#endif
     }
#endif
     if
     :: true
     :: number++;                                                                      /* R5: it was revoked already */
#ifdef R5_NO_BARRIER_WHEN_UNCHANGED
        goto answer
#endif
     fi;
     atomic { sendAll(BARRIER, number) }                                               /* R4: after the commit */
#ifndef R4_ROWS_READ_BEFORE_COMMIT
     atomic { readRows() }
#endif
     k = 0;
#ifdef R4_OWN_ROW_SKIPPED
     k = 1;
#endif
#ifdef R4_NO_WAIT
     k = SERVERS;
#endif
     do
     :: k < SERVERS -> (acknowledged[k] >= number || known[k] == 0 || leaseIsOver); k++
     :: else -> break
     od;
     k = 0;
answer:
     isAcknowledged = true;
     round++;
     if
     :: round < ROUNDS -> atomic { isAcknowledged = false; isRevoked = false; sendAll(INVALIDATE, 0) }
     :: else
     fi
  :: else -> break
  od
}

#ifdef DELETER
/* R4: a barrier for some other key, which gives up on the first process and deletes its row, if that has not moved. */
proctype GivesUp() {
  byte seen, seenAt;
  atomic { renewals[0] != 0 -> seen = renewals[0]; seenAt = now }
  atomic { now >= seenAt + LEASE ->
#ifdef R4_MOVING_ROW_DELETED
    renewals[0] = 0
#else
    if
    :: renewals[0] == seen -> renewals[0] = 0
    :: else
    fi
#endif
  }
}
#endif

proctype Clock() {
  do
  :: now < LAST -> now++
  :: else -> break
  od
}

init {
  atomic {
    byte i = 0;
    do
    :: i < SERVERS -> run Server(i); i++
    :: else -> break
    od;
    i = 0;
    run Writer();
    run Clock();
#ifdef DELETER
    run GivesUp()
#endif
  }
}
