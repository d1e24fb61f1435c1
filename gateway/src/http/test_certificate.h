// A certificate for tests.
#ifndef FIVESTRAND_GATEWAY_SRC_HTTP_TEST_CERTIFICATE_H_
#define FIVESTRAND_GATEWAY_SRC_HTTP_TEST_CERTIFICATE_H_

#include <cstdio>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <string>
#include <unistd.h>

namespace fivestrand::gateway::http {

// A self-signed pair of files for 127.0.0.1 and localhost, removed at the end. It is its own authority.
class TestCertificate {
 public:
  TestCertificate() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    X509_add_ext(certificate, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate, key, EVP_sha256());
    static int count = 0;
    const std::string base = testing::TempDir() + "gateway_certificate_" + std::to_string(getpid()) + "_" + std::to_string(count++);
    certificate_file = base + ".crt";
    key_file = base + ".key";
    FILE* out = fopen(certificate_file.c_str(), "w");
    PEM_write_X509(out, certificate);
    fclose(out);
    out = fopen(key_file.c_str(), "w");
    PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    fclose(out);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~TestCertificate() {
    unlink(certificate_file.c_str());
    unlink(key_file.c_str());
  }
  TestCertificate(const TestCertificate&) = delete;
  TestCertificate& operator=(const TestCertificate&) = delete;

  std::string certificate_file, key_file;
};

}  // namespace fivestrand::gateway::http

#endif  // FIVESTRAND_GATEWAY_SRC_HTTP_TEST_CERTIFICATE_H_
