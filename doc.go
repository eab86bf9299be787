// Package simpul is the vocabulary of Simpul, an open-source government service
// hub: the words that two or more parts of the system share, and nothing else.
//
// Read it as the explanation of the system:
//
//   - An agency ([AgencyID]) is a tenant. It runs applications ([ApplicationID]).
//   - A provider agency publishes a LID, a Layanan Interoperabilitas Data, under
//     an [Address] such as master/Kota. A published LID is a [Route]: it can be
//     called; nothing else can.
//   - A consumer application calls it under a [Grant], which says why, on which
//     legal basis, which fields, how fast and until when.
//   - Every call is an [Exchange]. The hub resolves the address, reaches a
//     [Decision], records the exchange, calls the provider, applies the
//     [Obligations], and seals the record.
//   - Whoever works on the control plane is a [Principal] with a [Role]; what
//     they may touch is their [Scope].
//   - Every refusal is an [Error]: what is wrong, who owns it, what to do next,
//     in Indonesian and in English ([Text]).
//
// Values are parsed by constructors, so a value that exists is valid. The
// package uses the standard library alone and imports no other part of Simpul.
package simpul
