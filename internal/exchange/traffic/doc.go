// Package traffic counts calls: one mechanism for every limit that the hub holds
// consumers to, so that one limit is one number wherever it was declared.
//
// A call counts against four subjects: its grant, its application, the agency of
// the application, and the LID. Each may have a rate with a burst, a quota for
// each calendar day and month, and a number of calls under way. A grant brings
// its rate with it, and a LID the number of calls that its origins take at one
// time; all else is declared as the resource Limit.
//
// # What is guaranteed
//
//   - Admitting a call reads memory only, takes no lock once its grant was called
//     before, and allocates nothing. What is not limited costs nothing.
//   - A call counts against all of its limits or against none.
//   - Rewriting a limit gives no fresh allowance: what was used stays used.
//   - On one node a rate is kept to the nanosecond, and a quota to the call. Nodes
//     on one database divide both among them by what each is asked for, once a
//     second: what all admit together is within 5 % of the limit. A limit that is
//     smaller than the number of nodes lets one call at once through each.
//   - A quota survives whatever happens to the process. After kill -9 what it had
//     leased counts as used: what it needs in four seconds, at least 0.5 % of
//     the quota or 25 calls. What it had let through beyond its lease within the
//     last second is forgotten: at most 1 % of the quota or 100 calls. A node that
//     stops in order gives back what it did not use. Rates are kept in memory: a
//     process that starts has whole buckets.
//   - While the database is away calls go on: rates stay divided as they were, and
//     a node goes on with its even part of what was left of each quota.
//   - When the process can take no more, agencies are held to their fair part of
//     what it can take, and whoever is below loses nothing.
//
// # Where to look
//
// rate.go is the bucket, quota.go the countdown and calendar.go its days; rules.go
// joins what was declared; counter.go takes a call against one subject, path.go
// against all of a grant's; limiter.go is what the gateway asks; crowd.go and
// lateness.go hold agencies to their part of the process. share.go and loan.go
// say how nodes divide, look.go is the background that does it, and store_share.go
// its SQL. spec.go, service.go, store.go and api.go are the resource; use.go and
// pages.go show what is used.
//
// Dependencies: github.com/a-h/templ.
package traffic
