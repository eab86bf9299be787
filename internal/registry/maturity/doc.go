// Package maturity writes the evidence report of an agency: what the hub knows
// and an assessor asks for. Indicator 89 of the SPBE audit wants proof that an
// agency is connected to the national SPLP; the assessment of statistics
// (EPSS) wants, level by level, proof that APIs and catalogue entries are
// registered, of policy, of periodic review and of renewal.
//
// Invariants: a report holds counts and names of things, no payload and no
// person; each figure says how it was counted; the report gives no level and no
// score of its own, since the assessment is the assessor's; its data have one
// SHA-256, which stands in the PDF, the CSV and the answer of the API alike, so
// that they can be held together; whoever makes one is noted in the audit trail.
// Which level asks for what is data with the day from which it holds
// ([Model]), not code.
//
// Everything is read in the scope of the agency itself, whoever asks: a report
// never shows more than the agency may see.
//
// report.go has the types, service.go the use cases, source.go what this room
// asks of others, model.go what the levels ask for, finding.go how it is found
// out, how.go how each figure is counted, digest.go the SHA-256, table.go the
// CSV, print.go the PDF, store.go the SQL, api.go the operations, pages.go the
// screen.
package maturity
