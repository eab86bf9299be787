//go:build linux

package main

// haproxyPeer runs one thread per core. It never buffers a whole response.
func haproxyPeer() peer {
	return peer{
		name: "haproxy", program: "haproxy", debian: "haproxy",
		version: []string{"-v"},
		config:  "haproxy.cfg",
		args:    func(config string) []string { return []string{"-db", "-q", "-f", config} },
		text: `global
  maxconn 4096
  nbthread {{.Cores}}
defaults
  mode http
  no log
  option forwardfor
  http-reuse always
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout http-keep-alive 1h
listen bench
  bind {{.Listen}}
  server origin {{.Origin}}
`,
	}
}
