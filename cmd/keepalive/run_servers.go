package main

import (
	"fmt"
	"strings"

	"keepalive/lab"
)

// serversRows say how evenly several servers are used.
var serversRows = []resultRow{
	{"requests by server", func(v *lab.VariantResult) string {
		return eachServer(v, func(s *lab.ServerRow) int { return s.Requests })
	}},
	{"connections by server", func(v *lab.VariantResult) string {
		return eachServer(v, func(s *lab.ServerRow) int { return s.Connections })
	}},
	{"busiest over the mean", func(v *lab.VariantResult) string {
		if v.Servers == nil {
			return none
		}
		return fmt.Sprintf("%.2f", v.Imbalance)
	}},
}

// mostServers is how many the table names one by one.
const mostServers = 6

func eachServer(v *lab.VariantResult, count func(*lab.ServerRow) int) string {
	var all []string
	for i := range v.Servers {
		if i == mostServers {
			return strings.Join(all, ", ") + " …"
		}
		all = append(all, fmt.Sprint(count(&v.Servers[i])))
	}
	if all == nil {
		return none
	}
	return strings.Join(all, ", ")
}

// proxyRows say what a proxy did.
var proxyRows = []resultRow{
	{"proxy: connections opened", ofProxy(func(p *lab.Proxy) string { return count(int64(p.Connections.Opened)) })},
	{"proxy: requests on a kept one", ofProxy(func(p *lab.Proxy) string { return count(int64(p.Connections.Reused)) })},
	{"proxy: sent again", ofProxy(func(p *lab.Proxy) string { return count(int64(p.Retried)) })},
	{"proxy: failed, 502 / 504", ofProxy(func(p *lab.Proxy) string { return fmt.Sprintf("%d / %d", p.Failed["502"], p.Failed["504"]) })},
	{"proxy: TIME_WAIT to servers", ofProxy(func(p *lab.Proxy) string { return count(int64(p.Connections.TimeWaitPeak)) })},
	{"proxy: connections of clients", ofProxy(func(p *lab.Proxy) string { return count(int64(p.Server.PeakConnections)) })},
	{"proxy: limits reached", func(v *lab.VariantResult) string {
		if v.Proxy == nil {
			return ""
		}
		return limits(v.Proxy.Server.Limits)
	}},
}

func ofProxy(value func(*lab.Proxy) string) func(*lab.VariantResult) string {
	return func(v *lab.VariantResult) string {
		if v.Proxy == nil {
			return none
		}
		return value(v.Proxy)
	}
}
