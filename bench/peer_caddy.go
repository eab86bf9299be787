//go:build linux

package main

// caddyPeer runs Go's scheduler on all cores. Its pool of 32 idle connections to
// the origin would be half of the load's 64, so it gets room for all. It streams
// and adds X-Forwarded-For by itself; an access log is off unless asked for.
func caddyPeer() peer {
	return peer{
		name: "caddy", program: "caddy", debian: "caddy",
		version: []string{"version"},
		config:  "Caddyfile",
		args: func(config string) []string {
			return []string{"run", "--config", config, "--adapter", "caddyfile"}
		},
		text: `{
  admin off
  auto_https off
  log {
    output stderr
    level ERROR
  }
}
http://{{.Listen}} {
  bind 127.0.0.1
  reverse_proxy {{.Origin}} {
    transport http {
      keepalive_idle_conns_per_host 256
    }
  }
}
`,
	}
}
