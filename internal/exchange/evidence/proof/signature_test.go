package proof_test

import (
	"encoding/base64"
	"strings"
)

// disguised is a signature line with the key hash of another.
func disguised(line, as string) string {
	name, bytes := takeApart(line)
	_, other := takeApart(as)
	return "— " + name + " " + base64.StdEncoding.EncodeToString(append(other[:4:4], bytes[4:]...))
}

// redated is a cosignature that says to be a second younger.
func redated(line string) string {
	name, bytes := takeApart(line)
	bytes[4+7]++
	return "— " + name + " " + base64.StdEncoding.EncodeToString(bytes)
}

func takeApart(line string) (name string, bytes []byte) {
	name, encoded, _ := strings.Cut(strings.TrimPrefix(line, "— "), " ")
	bytes, _ = base64.StdEncoding.DecodeString(encoded)
	return name, bytes
}
