//go:build linux

package main

// nginxPeer runs one worker per core. The limits on requests per connection are
// lifted, since the default of 1,000 would end keep-alive in the middle of a
// turn; response buffering stays on, as it is by default.
func nginxPeer() peer {
	return peer{
		name: "nginx", program: "nginx", debian: "nginx-light",
		version: []string{"-v"},
		config:  "nginx.conf",
		args:    func(config string) []string { return []string{"-e", "stderr", "-c", config} },
		text: `daemon off;
worker_processes {{.Cores}};
pid {{.Dir}}/nginx.pid;
error_log stderr warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path {{.Dir}}/body;
  proxy_temp_path {{.Dir}}/proxy;
  fastcgi_temp_path {{.Dir}}/fastcgi;
  uwsgi_temp_path {{.Dir}}/uwsgi;
  scgi_temp_path {{.Dir}}/scgi;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
  upstream origin {
    server {{.Origin}};
    keepalive 256;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
  }
  server {
    listen {{.Listen}};
    location / {
      proxy_pass http://origin;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
}
`,
	}
}
