// Package standard owns what data mean: data standards (Standar Data), lists of
// reference codes (Kode Referensi), and which fields of which LIDs are bound to
// them. It answers two of the four rules of Satu Data Indonesia (Perpres
// 39/2019 article 3): one standard, and the same reference codes everywhere.
//
// Invariants of reference codes: a code has at most one meaning on any day, so
// that a lookup by date has one answer or none ([CheckCodes]); a period holds
// its first day and not its last ([Validity]); a split or merger names codes
// that were valid the day before and codes that are valid from that day; a code
// that means different things in different lists is never guessed: whoever asks
// without saying which list is told the candidates ([Lists.Find]).
//
// Files: day.go validity, code.go codes and their rules, succession.go and
// mapping.go relations between codes, list.go and lists.go a whole list and its
// use cases, lookup.go questions by date, transfer.go with csv.go and sdmx.go
// import and export, wilayah.go facts about the provinces, serve.go and
// contract.go a list as a LID; standard.go, standards.go and decision.go data
// standards and how they are approved; binding.go and bindings.go who uses what;
// form.go the forms of statistical metadata (MS-Keg, MS-Var, MS-Ind, Data
// Prioritas), metadata*.go what was filled in; codebook.go the lists by which
// answers are recoded. store*.go has the SQL, api*.go the
// operations, pages*.go the screens.
package standard
