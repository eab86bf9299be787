// Package config reads how a hub is to run: a strict YAML file, then the
// environment, then what a flag says; the later wins. Every key has a variable:
// gateway.addr is SIMPUL_GATEWAY_ADDR. An unknown key is an error with its line.
package config
