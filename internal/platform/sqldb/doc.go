// Package sqldb is the door to the relational database: SQLite inside the
// process by default, PostgreSQL by URL, one set of SQL for both.
//
// Rows are reached only inside a transaction that carries a [simpul.Scope]
// ([DB.Read], [DB.Write]). Statements on tenant-owned tables compare
// [Tx.Tenant] with the row's agency; PostgreSQL checks the same rule a second
// time with row-level security, under a role that cannot switch it off.
//
// What is portable: `$1…` in ascending order, TEXT, BIGINT (times are
// milliseconds since the Unix epoch), BOOLEAN, CHECK, ON CONFLICT, RETURNING.
// What is not, and therefore not used: FOR UPDATE, JSON operators, LIKE with a
// case-sensitive meaning.
//
// Every change of the control plane calls [Tx.Revise]; whoever keeps a view in
// memory follows the changes with [DB.Follow].
package sqldb
