export const security = {
  title: "Security",
  lead: "From where your keys may be called, and what could go wrong with them.",

  allowedFrom: "May be called from",
  fromAnywhere: "Anywhere",
  fromListed: "Only these addresses",
  addresses: "IP addresses and networks",
  addressesHint: "One a line. IPv4 and IPv6; a network is written 203.0.113.0/24.",
  addressInvalid: "“{{entry}}” is neither an IP address nor a network.",
  addressUnconfirmed: "Add your own address, or tick that it is meant.",
  lockOutTitle: "Your own address is not in the list",
  lockOutText: "You are at {{address}} now. Programs on this computer would be refused.",
  lockOutUnknown:
    "This server cannot tell your address, so it cannot check the list. If there is a proxy in front of it, its operator names it in TRUSTED_PROXIES.",
  addMyAddress: "Add my address",
  lockOutConfirm: "I mean it",
  yourAddress: "Your address now: {{address}}",
  yourAddressUnknown: "Your address now: this server cannot tell",
  accountAddresses: "Allowed addresses",
  accountAddressesText:
    "Holds for all your API keys. A key may have a list of its own as well; then a call must be in both. Logging in here is possible from anywhere.",
  accountAddressesLabel: "All keys may be called from",
  addressesSaved: "The allowed addresses are saved.",
};
