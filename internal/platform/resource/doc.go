// Package resource reads and writes the files of declarative resources that
// people keep beside their work and apply to a hub:
//
//	apiVersion: simpul/v1
//	kind: Agency
//	metadata:
//	  id: kemendagri.go.id
//	spec:
//	  name: Kementerian Dalam Negeri
//	  level: nasional
//
// A file holds one resource or several, as YAML documents, or one resource as
// JSON. It owns the envelope (apiVersion, kind, metadata.id, spec); what a spec
// may hold is the hub's to say.
//
// Reading is strict, because a guess here becomes a right that the gateway
// enforces: whatever YAML leaves open to the reader (numbers in odd notations,
// keys that are not text, anchors, tags, a key written twice) is refused with
// its line and the remedy. Everything that is accepted keeps its exact value.
//
// It answers the mission's "bad input gets the place and the remedy". Third
// party: go.yaml.in/yaml/v3.
package resource
