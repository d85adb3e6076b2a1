package com.example.orders;

public record OrderResult(String outcome, String chargeId, String trackingNumber) {}
