// Package schema is the door to JSON Schema: it makes the schemas of an OpenAPI
// document ones of JSON Schema 2020-12, and has a library compile them.
//
// What is decided:
//
//   - Nothing is fetched. A reference that leaves the document is dropped: the
//     contract's reader refuses it before.
//   - $id, $anchor, $dynamicRef and their like are dropped as well, so that a
//     JSON Pointer is the only way from one schema to another.
//   - A schema of OpenAPI 3.0 is translated: nullable, boolean exclusiveMinimum
//     and exclusiveMaximum, and what stands beside a reference, which 3.0 ignores.
//   - discriminator, example, xml and externalDocs are annotations: oneOf, anyOf
//     and allOf decide.
//   - Formats that JSON Schema defines are asserted; others, such as int32, are
//     annotations.
//   - Patterns are matched by RE2, which cannot be made to backtrack. One that
//     RE2 does not know, such as a look-ahead, admits everything: better
//     unchecked than wrongly refused. What they cost together is bounded.
//
// Third party: github.com/santhosh-tekuri/jsonschema/v6, which keeps numbers
// exact and passes the official suite of JSON Schema 2020-12.
package schema
